"""Workers that ask a cache without pause while somebody outside changes the source and clears.

Usage: governed.py APP SOURCE WORKERS THREADS MODE. SOURCE is a file of words: [0] version of the source, [1] the version that no
answer of a call that begins now may be older than, [2] 1 when it is over. MODE: cached, or what people do without it.
Prints one line of JSON per worker: calls, loads, violations.
"""

import functools
import json
import mmap
import os
import random
import sys
import threading
import time

import deadweight

APP, SOURCE, WORKERS, THREADS, MODE = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
KEYS = 12

descriptor = os.open(SOURCE, os.O_RDWR)
source = memoryview(mmap.mmap(descriptor, 4096)).cast("Q")
loads = [0]


def read_source(key):
    version = source[0]
    loads[0] += 1
    # What is read at the start and returned later is how a stale value comes about.
    time.sleep(random.random() * 0.004)
    return version


if MODE == "cached":
    cached = deadweight.cached(namespace="prices", tags=["key:{key}"], single_flight=5, maxsize=8)(read_source)
elif MODE == "lru_cache":
    cached = functools.lru_cache(maxsize=8)(read_source)


def ask(result, seed):
    chance = random.Random(seed)
    calls = violations = 0
    while not source[2]:
        least = source[1]
        got = cached(chance.randrange(KEYS))
        calls += 1
        if got < least:
            violations += 1
    result.append((calls, violations))


def work(seed):
    result = []
    threads = [threading.Thread(target=ask, args=(result, seed * 100 + each)) for each in range(THREADS)]
    if MODE == "lru_cache":
        threads.append(threading.Thread(target=follow_version))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls, violations = (sum(each) for each in zip(*result))
    line = json.dumps({"pid": os.getpid(), "calls": calls, "loads": loads[0], "violations": violations}) + "\n"
    # One write: the lines of several processes must not run into each other.
    os.write(1, line.encode())


def follow_version():
    """What people do: each worker clears its own when it hears of a change."""
    seen = source[0]
    while not source[2]:
        if source[0] != seen:
            seen = source[0]
            cached.cache_clear()
        time.sleep(0.0005)


if MODE == "cached":
    deadweight.join(APP)
children = []
for number in range(WORKERS):
    pid = os.fork()
    if pid == 0:
        work(number)
        os._exit(0)
    children.append(pid)
print("ready", *children, flush=True)
for pid in children:
    os.waitpid(pid, 0)
