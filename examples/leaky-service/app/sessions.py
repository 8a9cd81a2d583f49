"""Who is logged in."""

import threading
import uuid

REGISTRY = {}
_LOCK = threading.Lock()


class Session:
    def __init__(self, user):
        self.token = uuid.uuid4().hex
        self.user = user
        self.basket = ["%s-item-%d" % (user, number) for number in range(20)]


def log_in(user):
    session = Session(user)
    with _LOCK:
        REGISTRY[session.token] = session
    return session


def log_out(session, forget=True):
    """Ends a session. With forget=False its entry stays in REGISTRY: the leak of --sessions."""
    session.user = None
    if forget:
        with _LOCK:
            REGISTRY.pop(session.token, None)
