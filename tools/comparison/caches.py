"""What caches for Python do with a clear, and what a hit costs. One line per cache; tools/comparison/run.ts makes the table.

Each cache is used as its documentation shows, in memory, with a bound or a time limit where it has one. Three questions:

after a load that was under way: a load reads the truth and hangs, the truth changes, the cache is cleared, the load ends. Is the
next call answered with the old value?
in another process: a worker (fork) has asked, the truth changes, this process clears. Is the worker's next call answered with the old value?
loads of 8 callers: how many loads begin when 8 callers miss one key at the same time.
"""

import asyncio
import mmap
import os
import sys
import tempfile
import threading
import time
from importlib import metadata

CALLERS = 8
ROUNDS, HITS = 7, 20_000

truth = mmap.mmap(-1, 1)
loads = []
begun, go_on = threading.Event(), threading.Event()
hangs = False


def load(key):
    loads.append(key)
    value = truth[0]
    if hangs:
        begun.set()
        go_on.wait(10)
    return value


async def load_async(key):
    loads.append(key)
    value = truth[0]
    if hangs:
        begun.set()
        while not go_on.is_set():
            await asyncio.sleep(0.001)
    return value


def lru_cache():
    import functools

    ask = functools.lru_cache(maxsize=1024)(load)
    return ask, ask.cache_clear


def cachetools_lock():
    import cachetools

    ask = cachetools.cached(cachetools.TTLCache(1024, 300), lock=threading.Lock())(load)
    return ask, ask.cache_clear


def cachetools_condition():
    import cachetools

    ask = cachetools.cached(cachetools.TTLCache(1024, 300), condition=threading.Condition())(load)
    return ask, ask.cache_clear


def cachebox():
    import cachebox

    ask = cachebox.cached(cachebox.TTLCache(1024, 300))(load)
    return ask, ask.cache.clear


def dogpile():
    from dogpile.cache import make_region

    region = make_region().configure("dogpile.cache.memory", expiration_time=300)
    return region.cache_on_arguments()(load), region.invalidate


def django():
    from django.conf import settings

    settings.configure(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
    from django.core.cache import cache

    return lambda key: cache.get_or_set(str(key), lambda: load(key), 300), cache.clear


def flask_caching():
    from flask import Flask, has_app_context
    from flask_caching import Cache

    app = Flask("shop")
    app.app_context().push()
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 300})
    ask = cache.memoize()(load)

    def asked(key):
        # As in a request, where there is one.
        if has_app_context():
            return ask(key)
        with app.app_context():
            return ask(key)

    return asked, lambda: cache.delete_memoized(ask)


def diskcache():
    import diskcache

    cache = diskcache.Cache(tempfile.mkdtemp(prefix="comparison-"))
    return cache.memoize(expire=300)(load), cache.clear


def deadweight():
    from deadweight import cached, join

    join("comparison")
    ask = cached(maxsize=1024, ttl=300, namespace="n", tags=["key:{key}"], single_flight=5)(load)
    return ask, ask.cache_clear


def aiocache():
    from aiocache import Cache
    from aiocache.decorators import cached

    ask = cached(ttl=300, cache=Cache.MEMORY)(load_async)
    return ask, ask.cache.clear


def async_lru():
    from async_lru import alru_cache

    ask = alru_cache(maxsize=1024, ttl=300)(load_async)

    async def clear():
        ask.cache_clear()

    return ask, clear


SUBJECTS = {
    "functools.lru_cache": lru_cache,
    "cachetools TTLCache, lock": cachetools_lock,
    "cachetools TTLCache, condition": cachetools_condition,
    "cachebox TTLCache": cachebox,
    "dogpile.cache memory": dogpile,
    "Django locmem": django,
    "Flask-Caching SimpleCache": flask_caching,
    "diskcache": diskcache,
    "deadweight.cached, joined": deadweight,
    "aiocache memory": aiocache,
    "async-lru": async_lru,
}
ASYNC = ("aiocache memory", "async-lru")


class Threads:
    """Asks in threads."""

    def __init__(self, ask, clear):
        self.ask, self.clear = ask, clear

    def begin(self, number):
        threads = [threading.Thread(target=self.ask, args=(1,), daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        return lambda: [thread.join(10) for thread in threads]

    def hits_ns(self):
        ask = self.ask
        ask(1)
        return best(lambda: [ask(1) for _ in range(HITS)])


class Tasks:
    """Asks in tasks of one event loop, in a thread of its own."""

    def __init__(self, ask, clear):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self._ask = ask
        self.ask = lambda key: self._wait(ask(key)).result(10)
        self.clear = lambda: self._wait(clear()).result(10)

    def _wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def begin(self, number):
        futures = [self._wait(self._ask(1)) for _ in range(number)]
        return lambda: [future.result(10) for future in futures]

    def hits_ns(self):
        async def hits():
            for _ in range(HITS):
                await self._ask(1)

        self.ask(1)
        return best(lambda: self._wait(hits()).result(60))


def best(run):
    """CPU time of the process for one hit, in nanoseconds."""
    least = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        run()
        least = min(least, time.process_time_ns() - start)
    return round(least / HITS)


def after_load(subject):
    """Whether a value that was being loaded when it was cleared is an answer afterwards."""
    global hangs
    subject.clear()
    hangs = True
    finish = subject.begin(1)
    if not begun.wait(10):
        raise RuntimeError("nothing was loaded after a clear")
    truth[0] += 1
    # A clear that waits for the load would wait for ever here.
    clearing = threading.Thread(target=subject.clear, daemon=True)
    clearing.start()
    clearing.join(2)
    go_on.set()
    finish()
    clearing.join(10)
    hangs = False
    return subject.ask(1) != truth[0]


def loads_at_once(subject):
    global hangs
    subject.clear()
    begun.clear()
    go_on.clear()
    hangs = True
    before = len(loads)
    finish = subject.begin(CALLERS)
    begun.wait(10)
    # Whoever will load has begun by then.
    time.sleep(0.3)
    hangs = False
    go_on.set()
    finish()
    return len(loads) - before


def in_another_process(subject):
    """Before any thread of ours, since it forks."""
    to_worker, from_worker = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        subject.ask(1)
        os.write(from_worker[1], b"r")
        os.read(to_worker[0], 1)
        os.write(from_worker[1], b"o" if subject.ask(1) != truth[0] else b"n")
        os._exit(0)
    os.read(from_worker[0], 1)
    truth[0] += 1
    subject.clear()
    os.write(to_worker[1], b"g")
    answer = os.read(from_worker[0], 1)
    os.waitpid(pid, 0)
    return answer == b"o"


def main(name):
    parts = SUBJECTS[name]()
    is_async = name in ASYNC
    # The loop of an asynchronous cache is a thread; it is one process for all.
    other = None if is_async else in_another_process(Threads(*parts))
    subject = (Tasks if is_async else Threads)(*parts)
    old = after_load(subject)
    at_once = loads_at_once(subject)
    package = {"Django locmem": "Django", "Flask-Caching SimpleCache": "Flask-Caching"}.get(name, name.split(" ")[0])
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        version = "-"
    words = ["-" if each is None else "old" if each else "new" for each in (old, other)]
    print("%s | %s | %s | %s | %d | %d" % (name, version, *words, at_once, subject.hits_ns()))


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) > 1 else print("\n".join(SUBJECTS))
