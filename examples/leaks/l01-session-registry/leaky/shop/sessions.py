"""Who is logged in."""

import uuid

REGISTRY = {}


class Session:
    def __init__(self, user):
        self.token = uuid.uuid4().hex
        self.user = user
        self.basket = ["%s-item-%d" % (user, number) for number in range(60)]


def log_in(user):
    session = Session(user)
    REGISTRY[session.token] = session  # leak: here
    return session


def log_out(session):
    session.user = None
