"""A program with a cache of every family that is installed. Prints "ready", then works until its input ends."""

import functools
import sys
import threading
import time

USER_CACHE = {}
plain = {}


class Point:
    def __init__(self, x):
        self.x = x


class Client:
    def __init__(self, name):
        self.name = name

    @functools.lru_cache(maxsize=64)
    def fetch(self, path):
        return [path] * 10

    @functools.cached_property
    def settings(self):
        return {"name": self.name, "rows": ["row %d" % i for i in range(100)]}


@functools.lru_cache(maxsize=128)
def quote(symbol, day=0):
    return ["%s %d" % (symbol, day)] * 20


@functools.lru_cache(maxsize=None)
def area(point):
    return bytes(500)


@functools.lru_cache(maxsize=None, typed=False)
def rate(value):
    return object()


@functools.lru_cache(maxsize=None)
def colour(name):
    return object()


@functools.lru_cache(maxsize=None)
def label(name, size=7, kind=""):
    return object()


def fill():
    for i in range(6):
        # Equal, and each time another object.
        label("name number %d" % i, 70_000 + i, "kind %d" % i)
        label("name number %d" % i, 70_000 + i, kind="kind %d" % i)
        label("name number %d" % i, kind="kind %d" % i, size=70_000 + i)
        label("name number %d" % i, 80_000 + i)
    # Another call, though it has the same values.
    label("kind 0", 70_000, "name number 0")
    for i in range(50):
        quote("S%d" % i)
        quote("S%d" % i, day=i)
    for i in range(10):
        quote("S1", 5)
        quote("S1", day=5)
        quote(symbol="S1", day=5)
    for i in range(9):
        # One argument by position is the key itself.
        colour("colour number %d" % i)
        colour(name="colour number %d" % i)
    for i in range(30):
        area(Point(i))
    for i in range(7):
        rate(float("nan"))
    clients = [Client("c%d" % i) for i in range(5)]
    for client in clients:
        client.fetch("/a")
        client.fetch("/b")
        client.settings
    for i in range(100):
        USER_CACHE["user %d" % i] = {"id": i, "roles": ["a%d" % i, "b%d" % i]}
    return clients


CLIENTS = fill()
KEPT = []

try:
    import deadweight

    @deadweight.cached(maxsize=66)
    def ours(key, day=0):
        return bytes(100)

    for i in range(15):
        ours(i)

    class Rates:
        @deadweight.cached(maxsize=50, ttl=90.5, namespace="rates", version=2, tags=["day:{day}"], max_bytes=10**6)
        def rate(self, day):
            if day == 5:
                raise KeyError(day)
            return bytes(1000)

    RATES = Rates()
    for i in range(12):
        try:
            RATES.rate(i % 6)
        except KeyError:
            pass
except ImportError:
    pass
try:
    import cachetools

    @cachetools.cached(cachetools.LRUCache(30), info=True)
    def looked(key):
        return bytes(100)

    for i in range(20):
        looked(i % 8)

    TTL = cachetools.TTLCache(maxsize=300, ttl=3600)
    for i in range(40):
        TTL["k%d" % i] = bytes(1000)
except ImportError:
    pass
try:
    import cachebox

    BOX = cachebox.LRUCache(100)
    BOX["a"] = bytes(1000)
except ImportError:
    pass
try:
    from cachelib import SimpleCache

    SIMPLE = SimpleCache(threshold=77)
    for i in range(20):
        SIMPLE.set("k%d" % i, "v" * 200)
except ImportError:
    pass
try:
    import jinja2

    ENVIRONMENT = jinja2.Environment(loader=jinja2.DictLoader({"a": "x {{ y }}", "b": "z"}), cache_size=55)
    ENVIRONMENT.get_template("a"), ENVIRONMENT.get_template("b")
except ImportError:
    pass
try:
    import asyncio

    import async_lru

    @async_lru.alru_cache(maxsize=33)
    async def load(key):
        return bytes(2000)

    async def load_all():
        for i in range(12):
            await load(i)

    LOOP = asyncio.new_event_loop()
    LOOP.run_until_complete(load_all())
except ImportError:
    pass
try:
    import django.conf

    django.conf.settings.configure(
        CACHES={
            "default": {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "OPTIONS": {"MAX_ENTRIES": 444},
            }
        }
    )
    from django.core.cache import cache as DJANGO

    for i in range(9):
        DJANGO.set("k%d" % i, "v" * 300)
except ImportError:
    pass


def work():
    day = 0
    while True:
        day += 1
        quote("S1", day % 4)
        plain["entry %d" % day] = day
        time.sleep(0.01)


threading.Thread(target=work, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
