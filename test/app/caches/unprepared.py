"""Workers with a plain functools.lru_cache that somebody outside clears. Usage and output as governed.py, without APP and MODE."""

import functools
import json
import math
import mmap
import os
import random
import sys
import threading
import time

SOURCE, WORKERS, THREADS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
source = memoryview(mmap.mmap(os.open(SOURCE, os.O_RDWR), 4096)).cast("Q")
loads = [0]


@functools.lru_cache(maxsize=8)
def price(key):
    version = source[0]
    loads[0] += 1
    time.sleep(random.random() * 0.004)
    return version


root = functools.lru_cache(maxsize=None)(math.sqrt)


def rate(factor, key):
    return factor * key


bound_rate = functools.lru_cache(maxsize=None)(functools.partial(rate, 3))
bound_rate.__module__, bound_rate.__qualname__ = "__main__", "bound_rate"


class Shop:
    @functools.lru_cache(maxsize=None)
    def rate(self, key):
        return object()


def ask(result, seed):
    chance = random.Random(seed)
    calls = violations = 0
    while not source[2]:
        least = source[1]
        got = price(chance.randrange(12))
        calls += 1
        violations += got < least
    result.append((calls, violations))


def work(seed):
    result = []
    Shop().rate(1), root(9), bound_rate(2)
    threads = [threading.Thread(target=ask, args=(result, seed * 100 + each)) for each in range(THREADS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        # The main thread comes by now and then, as that of a server does.
        time.sleep(0.01)
    calls, violations = (sum(each) for each in zip(*result))
    line = json.dumps({"pid": os.getpid(), "calls": calls, "loads": loads[0], "violations": violations}) + "\n"
    try:
        os.write(1, line.encode())
    except BrokenPipeError:
        # Nobody wants to know any more.
        pass


children = []
for number in range(WORKERS):
    pid = os.fork()
    if pid == 0:
        work(number)
        os._exit(0)
    children.append(pid)
print("ready", *children, flush=True)
while children:
    # It comes by now and then, as supervisors do.
    time.sleep(0.01)
    pid, _ = os.waitpid(-1, os.WNOHANG)
    if pid:
        children.remove(pid)
