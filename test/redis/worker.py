"""A worker with a shared tier that asks without pause, while somebody outside changes the source, clears, and breaks things.

Usage: worker.py URL APP SOURCE THREADS FORKS JOIN. SOURCE is a file of words: [0] version of the source, [1] the version that no answer of
a call that begins now may be older than, [2] 1 when it is over. FORKS: children that inherit a cache in use. JOIN: 1 to share a table.
Prints "ready", and at the end one line of JSON per process: calls, loads, violations, what the tier did.
"""

import json
import mmap
import os
import random
import sys
import threading
import time

import deadweight

URL, APP, SOURCE = sys.argv[1:4]
THREADS, FORKS, JOIN = map(int, sys.argv[4:7])
KEYS = 12

descriptor = os.open(SOURCE, os.O_RDWR)
source = memoryview(mmap.mmap(descriptor, 4096)).cast("Q")
loads = [0]
if JOIN:
    deadweight.join(APP)
tier = deadweight.redis_tier(URL, app=APP, lease=1.0, timeout=0.5)


@deadweight.cached(tier=tier, name="read_source", namespace="prices", tags=["key:{key}"], single_flight=5, maxsize=8)
def read_source(key):
    version = source[0]
    loads[0] += 1
    # What is read at the start and returned later is how a stale value comes about.
    time.sleep(random.random() * 0.004)
    return version


def ask(result, seed):
    chance = random.Random(seed)
    calls = violations = 0
    while not source[2]:
        least = source[1]
        got = read_source(chance.randrange(KEYS))
        calls += 1
        if got < least:
            violations += 1
        time.sleep(0.0003)
    result.append((calls, violations))


def work(seed):
    result = []
    threads = [threading.Thread(target=ask, args=(result, seed * 100 + each)) for each in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls, violations = (sum(each) for each in zip(*result))
    told = {"pid": os.getpid(), "calls": calls, "loads": loads[0], "violations": violations, **tier.info()._asdict()}
    told["hits"] = read_source.cache_info().hits
    told["setBack"] = tier.follower().set_back
    # One write: the lines of several processes must not run into each other.
    os.write(1, (json.dumps(told) + "\n").encode())


tier.follower().wait_confirmed(10)
read_source(0)
children = []
for each in range(FORKS):
    pid = os.fork()
    if pid == 0:
        work(each)
        os._exit(0)
    children.append(pid)
os.write(1, ("ready %s\n" % " ".join(map(str, children or [os.getpid()]))).encode())
if children:
    for pid in children:
        os.waitpid(pid, 0)
else:
    work(os.getpid())
