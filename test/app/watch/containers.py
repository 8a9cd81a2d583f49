"""Containers of every kind that is followed. Reads commands on stdin, one per line; answers each with one line of JSON.

grow N    adds N entries to each and says how large they are
spin      lets a thread grow them all until "rest", and answers once it has
rest      stops it and says how large they are
sizes     says how large they are
run CODE  executes one line and says what it left in `result`
"""
import array
import collections
import functools
import json
import os
import queue
import subprocess
import sys
import threading
import time
import weakref


class Key:
    pass


class Registry(dict):
    pass


class Service:
    seen = set()

    def __init__(self):
        self.jobs = queue.Queue(maxsize=5000)
        self.by_key = weakref.WeakKeyDictionary()


def remember(item, kept=[]):
    kept.append(item)


def make_counter():
    hits = {}

    def count(key):
        hits[key] = hits.get(key, 0) + 1
        return len(hits)

    return count


@functools.lru_cache(maxsize=None)
def square(number):
    return number * number


@functools.lru_cache(maxsize=10)
def bounded(number):
    return number


CACHE = {}
ROWS = []
RECENT = collections.deque(maxlen=700)
ORDER = collections.OrderedDict()
GROUPS = collections.defaultdict(list)
TALLY = collections.Counter()
REGISTRY = Registry()
BUFFER = bytearray()
NUMBERS = array.array("d")
SERVICE = Service()
COUNT = make_counter()
KEYS = []
IDLE = {}
doomed_list = [1, 2, 3]
doomed_dict = {"a": 1}
doomed_set = {1, 2}


def grow(step):
    key = Key()
    KEYS.append(key)
    CACHE[step] = step
    ROWS.append(step)
    RECENT.append(step)
    ORDER[step] = step
    GROUPS[step]
    TALLY[step] += 1
    REGISTRY[step] = step
    BUFFER.append(step % 256)
    NUMBERS.append(step)
    Service.seen.add(step)
    SERVICE.by_key[key] = step
    if not SERVICE.jobs.full():
        SERVICE.jobs.put(step)
    remember(step)
    COUNT(step)
    square(step)
    square(step)
    bounded(step)


def sizes():
    info = square.cache_info()
    return {
        "CACHE": len(CACHE), "ROWS": len(ROWS), "RECENT": len(RECENT), "ORDER": len(ORDER), "GROUPS": len(GROUPS),
        "TALLY": len(TALLY), "REGISTRY": len(REGISTRY), "BUFFER": len(BUFFER), "NUMBERS": 8 * len(NUMBERS),
        "seen": len(Service.seen), "by_key": len(SERVICE.by_key), "jobs": SERVICE.jobs.qsize(),
        "kept": len(remember.__defaults__[0]), "hits": len(COUNT.__closure__[0].cell_contents), "KEYS": len(KEYS),
        "square": info.currsize, "square hits": info.hits, "square misses": info.misses, "bounded": bounded.cache_info().currsize,
    }


ADDRESSES = {
    "CACHE": id(CACHE), "ROWS": id(ROWS), "RECENT": id(RECENT), "ORDER": id(ORDER), "GROUPS": id(GROUPS),
    "TALLY": id(TALLY), "REGISTRY": id(REGISTRY), "BUFFER": id(BUFFER), "NUMBERS": id(NUMBERS), "seen": id(Service.seen),
    "by_key": id(SERVICE.by_key.data), "jobs": id(SERVICE.jobs.queue), "kept": id(remember.__defaults__[0]),
    "hits": id(COUNT.__closure__[0].cell_contents), "KEYS": id(KEYS), "square": id(square), "bounded": id(bounded), "IDLE": id(IDLE),
    "doomed_list": id(doomed_list), "doomed_dict": id(doomed_dict), "doomed_set": id(doomed_set),
}
steps = iter(range(10 ** 12))
is_spinning = False
has_grown = threading.Event()
spinner = None


def spin():
    while is_spinning:
        for _ in range(50):
            grow(next(steps))
        has_grown.set()
        time.sleep(0.0005)


def answer(value):
    print(json.dumps(value), flush=True)


print(json.dumps(ADDRESSES), flush=True)
print("ready", flush=True)
for line in sys.stdin:
    command, _, rest = line.strip().partition(" ")
    if command == "grow":
        for _ in range(int(rest)):
            grow(next(steps))
        answer(sizes())
    elif command == "spin":
        is_spinning = True
        spinner = threading.Thread(target=spin, daemon=True)
        spinner.start()
        # On a busy machine it may not run for a while.
        has_grown.wait()
        answer(None)
    elif command == "rest":
        is_spinning = False
        spinner.join()
        answer(sizes())
    elif command == "sizes":
        answer(sizes())
    elif command == "run":
        result = None
        exec(rest)
        answer(result)
