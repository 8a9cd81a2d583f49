"""A program whose caches are used in known ways. Beside the cache that is looked at, caches of other sizes get the same calls: they are
the truth. Prints "ready", waits for a line, then calls until SECONDS have passed, and prints what the caches of each size missed.
"""

import functools
import json
import random
import sys
import time

BOUND, SECONDS = 256, float(sys.argv[1])


def load(key):
    return [key]


quote = functools.lru_cache(maxsize=BOUND)(load)
try:
    import deadweight

    ours = deadweight.cached(maxsize=BOUND, name="__main__.ours")(load)
except ImportError:
    ours = load
try:
    import cachetools

    @cachetools.cached(cachetools.LRUCache(BOUND))
    def kept(key):
        return [key]

except ImportError:
    kept = load
others = {size: functools.lru_cache(maxsize=size)(lambda key: key) for size in (64, 128, 181, 362, 512, 1024)}


@functools.lru_cache(maxsize=None)
def grows(key):
    return key


@functools.lru_cache(maxsize=5000)
def roomy(key):
    return key


@functools.lru_cache(maxsize=16)
def idle(key):
    return key


class Point:
    pass


@functools.lru_cache(maxsize=100)
def area(point):
    return 1


chance = random.Random(7)
total = [0]


def work():
    # Few keys are asked for often, many seldom; one call in five goes through 300 keys in a circle.
    total[0] += 1
    key = ("loop", total[0] % 300) if total[0] % 5 == 0 else int(chance.paretovariate(0.6)) % 5000
    quote(key), ours(key), kept(key)
    for each in others.values():
        each(key)


for i in range(30000):
    work()
idle(1), grows(0), area(Point())
for i in range(40):
    roomy(i)
print("ready", flush=True)
sys.stdin.readline()
before = {size: each.cache_info() for size, each in others.items()}
start, grown = time.monotonic(), 0
while time.monotonic() - start < SECONDS:
    for i in range(4):
        work()
        roomy(total[0] % 40)
    grown += 1
    grows(grown)
    area(Point())
    time.sleep(0.001)
after = {size: each.cache_info() for size, each in others.items()}
missed = {}
for size in others:
    misses = after[size].misses - before[size].misses
    missed[size] = misses / (misses + after[size].hits - before[size].hits)
print(json.dumps(missed), flush=True)
sys.stdin.read()
