"""Piles things up in places that no container of the program is: each line on stdin adds ten of each."""

import atexit
import contextvars
import functools
import queue
import sys
import threading

BY_DEVICE = {"device %d" % number: [] for number in range(20)}
LOCAL = threading.local()
TRAIL = contextvars.ContextVar("trail", default=[])
BACKLOG = queue.SimpleQueue()
THREADS = 4
rounds = threading.Barrier(THREADS + 1)


class Reading:
    def __init__(self, number):
        self.values = ["value %d of reading %d" % (value, number) for value in range(20)]


class Export:
    def __init__(self):
        self.lines = ["line %d" % line for line in range(50)]

    def close(self, reason, code=0):
        self.lines.clear()


class Version:
    def __init__(self, before):
        self.before = before
        self.text = "x" * 500


def send(text):
    return text


def wrapped(function, answers):
    @functools.wraps(function)
    def answer(text):
        return answers.get(text) or function(text)

    return answer


CURRENT = Version(None)


def remember():
    """A thread of a pool: what it keeps for itself stays as long as it does."""
    LOCAL.history = []
    while True:
        rounds.wait()
        LOCAL.history.extend(Reading(number) for number in range(10))
        rounds.wait()


def work():
    global CURRENT, send
    for number in range(10):
        for readings in BY_DEVICE.values():
            readings.append(Reading(number))
        TRAIL.get().append({"step": "x" * 300, "number": number})
        BACKLOG.put(Reading(number))
        CURRENT = Version(CURRENT)
        send = wrapped(send, {"answer": "x" * 900})
        atexit.register(Export().close, "the end", code=number)
    rounds.wait()
    rounds.wait()


for _ in range(THREADS):
    threading.Thread(target=remember, name="pool", daemon=True).start()
work()
print("ready", flush=True)
for _ in sys.stdin:
    work()
    print("ready", flush=True)
