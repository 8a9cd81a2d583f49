"""One leak for every kind of server: sessions are opened and never closed."""

import ctypes
import os

REGISTRY = {}


class Session:
    def __init__(self, number):
        self.number = number
        self.basket = ["item-%d-%d" % (number, each) for each in range(40)]


def visit(number):
    REGISTRY[number] = Session(number)  # leak: here
    return "session %d" % len(REGISTRY)


def allow_siblings():
    """Lets processes of this user read us where Yama lets parents only: PR_SET_PTRACER, PR_SET_PTRACER_ANY."""
    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)


allow_siblings()
os.register_at_fork(after_in_child=allow_siblings)
