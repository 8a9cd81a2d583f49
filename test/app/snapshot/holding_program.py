"""Holds objects in all the ways that paths have names for, and writes its own heap down when it is told to."""

import collections
import functools
import gc
import logging
import os
import queue
import signal
import sys
import threading
import time
import weakref


class User:
    registry = {}

    def __init__(self, number):
        self.name = "user%d" % number
        self.number = number + 100_000
        self.tags = [str(number) * 3, number * 1.5]
        self.registry[number] = self


class Point:
    __slots__ = ("x", "y", "missing")

    def __init__(self, number):
        self.x = (number + 200_000, "x%d" % number)
        self.y = {"key": [number]}


class Named(str):
    pass


class Ordered(dict):
    pass


class Hidden:
    """Its size and its attributes are not to be asked for by calling it."""

    calls = 0

    def __init__(self):
        self.kept = [bytes(1000) for _ in range(20)]

    def __sizeof__(self):
        Hidden.calls += 1
        return 1

    def __getattribute__(self, name):
        Hidden.calls += 1
        return object.__getattribute__(self, name)

    @property
    def shadow(self):
        Hidden.calls += 1
        return 1


USERS = {number: User(number) for number in range(3000)}
POINTS = [Point(number) for number in range(2000)]
LATEST = collections.deque(("row%d" % number * 5 for number in range(1500)), maxlen=2000)
ORDERED = Ordered((number, [number] * 8) for number in range(900))
GROUPS = collections.defaultdict(list)
for number in range(1200):
    GROUPS[number % 60].append(("member", number + 300_000, str(number)))
MEMBERS = {"member-%d" % number for number in range(700)}
NAMED = [Named("named%d" % number) for number in range(500)]
HIDDEN = [Hidden() for _ in range(12)]
WAITING = queue.Queue()
for number in range(400):
    WAITING.put([number, "waiting%d" % number])
REFERENCES = [weakref.ref(user) for user in USERS.values()]


@functools.lru_cache(maxsize=1024)
def computed(number):
    return [number + 400_000] * 12


@functools.lru_cache(maxsize=None)
def remembered(text):
    return text * 4


for number in range(1100):
    computed(number)
for number in range(600):
    remembered("text%d" % number)
computed(500)


def make_handler():
    rows = [bytes(200) + bytes([number % 256]) for number in range(800)]

    def handler(seen=["default%d" % number for number in range(300)]):
        return rows, seen

    return handler


HANDLER = make_handler()
PARTIAL = functools.partial(print, *["argument%d" % number for number in range(300)])


def generate():
    batch = ["batch%d" % number * 3 for number in range(500)]
    yield 1
    yield len(batch)


SUSPENDED = generate()
next(SUSPENDED)
CYCLE = [bytes(900) for _ in range(10)]
CYCLE.append(CYCLE)


def work():
    mine = {number: "mine%d" % number for number in range(1000)}
    STARTED.set()
    while mine:
        time.sleep(0.05)


STARTED = threading.Event()
threading.Thread(target=work, name="worker-1", daemon=True).start()
STARTED.wait()
logging.getLogger("app").addHandler(logging.NullHandler())

HEARD = []
signal.signal(signal.SIGCHLD, lambda *_: HEARD.append("SIGCHLD"))
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=lambda: HEARD.append("before"), after_in_parent=lambda: HEARD.append("after"))


def obey(line):
    """A path, and how: the heap is written there."""
    path, way = line.split()
    import deadweight

    deadweight.snapshot(path, fork=way == "fork")
    return "written"


def main():
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            answer = {"heard": lambda: "heard " + ",".join(HEARD), "calls": lambda: "calls %d" % Hidden.calls}.get(
                line.strip(), lambda: obey(line)
            )()
        except Exception as error:
            answer = "failed %s: %s" % (type(error).__name__, error)
        print(answer, flush=True)


if __name__ == "__main__":
    gc.disable()
    main()
