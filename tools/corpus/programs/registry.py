# The smallest program with one of each thing that a snapshot must name: a registry that is never cleaned, instances with
# attributes and with slots, a closure, a suspended generator, a class attribute, a waiting thread, a set, and cycles that
# the collector may not collect. Imports nothing that the interpreter does not have already, so that its snapshot is small.
# Says "ready" and then waits for its input to end.

import _thread
import gc
import sys

SESSIONS = 200
CYCLES = 20

REGISTRY = {}


class Token:
    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text


class Session:
    opened = {"of": "all sessions"}

    def __init__(self, number):
        self.user = "user-%d" % number
        self.token = Token("t" * 20 + str(number))
        self.visits = [number * 1000 + hour for hour in range(5)]


def make_handler(number):
    rows = [("row", row + number * 1000) for row in range(50)]

    def handler():
        return rows

    return handler


def stream(number):
    batch = {"batch": [number, "of a generator"]}
    yield batch


def wait(locked):
    pending = {"pending": ["a local", "of a thread"]}
    ready.release()
    locked.acquire()
    return pending


gc.disable()
for number in range(SESSIONS):
    REGISTRY["s%d" % number] = Session(number)
HANDLER = make_handler(7)
STREAM = stream(7)
next(STREAM)
NAMES = {"first", "second", ("third", 3)}
for number in range(CYCLES):
    knot = Session(SESSIONS + number)
    knot.self = knot
del knot, number

ready = _thread.allocate_lock()
ready.acquire()
forever = _thread.allocate_lock()
forever.acquire()
_thread.start_new_thread(wait, (forever,))
ready.acquire()
print("ready", flush=True)
sys.stdin.read()
