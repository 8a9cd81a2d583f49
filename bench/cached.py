"""CPU time of a hit: `deadweight.cached` beside others, in one process, in turns. Prints JSON: name -> ns, the best round."""

import asyncio
import functools
import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python", "src"))
import deadweight  # noqa: E402

CALLS, ROUNDS = 100_000, 7


def plain(x):
    return x


class Client:
    @deadweight.cached(ttl=60, namespace="client")
    def fetch(self, x):
        return x


ALL = dict(ttl=60, namespace="n", tags=["t:{x}"], single_flight=5, cache_errors=(KeyError,), maxsize=1024)
client = Client()
shared = None
subjects = {
    "a plain call": plain,
    "functools.lru_cache(1024)": functools.lru_cache(1024)(plain),
    "functools.lru_cache(1024, typed=True)": functools.lru_cache(1024, typed=True)(plain),
    "deadweight.cached": deadweight.cached(1024)(plain),
    "deadweight.cached, everything on": deadweight.cached(**ALL)(plain),
    "deadweight.cached, a method": client.fetch,
}
try:
    import cachetools

    subjects["cachetools LRU, no lock"] = cachetools.cached(cachetools.LRUCache(1024))(plain)
    subjects["cachetools LRU, lock"] = cachetools.cached(cachetools.LRUCache(1024), lock=threading.Lock())(plain)
    subjects["cachetools TTL, lock"] = cachetools.cached(cachetools.TTLCache(1024, 60), lock=threading.Lock())(plain)
except ImportError:
    pass
try:
    import cachebox

    subjects["cachebox LRU"] = cachebox.cached(cachebox.LRUCache(1024))(plain)
except ImportError:
    pass


def measure(function):
    calls = range(CALLS)
    start = time.process_time_ns()
    for _ in calls:
        function(7)
    return (time.process_time_ns() - start) / CALLS


async def measure_async(function):
    await function(7)
    start = time.process_time_ns()
    for _ in range(CALLS):
        await function(7)
    return (time.process_time_ns() - start) / CALLS


async def plain_async(x):
    return x


best = {}
async_subjects = {"await a plain coroutine": plain_async, "deadweight.cached, async, everything on": deadweight.cached(**ALL)(plain_async)}
try:
    import async_lru

    async_subjects["async_lru"] = async_lru.alru_cache(maxsize=1024)(plain_async)
except ImportError:
    pass
for _ in range(ROUNDS):
    for name, subject in subjects.items():
        subject(7)
        best[name] = min(best.get(name, 1e9), measure(subject))
    for name, subject in async_subjects.items():
        best[name] = min(best.get(name, 1e9), asyncio.run(measure_async(subject)))
# The same words in a file that all processes share.
os.environ.setdefault("DEADWEIGHT_CACHES", sys.argv[1])
deadweight.join("bench")
joined = subjects["deadweight.cached, everything on"]
joined(7)
best["deadweight.cached, everything on, joined"] = min(measure(joined) for _ in range(ROUNDS))
print(json.dumps(best))
