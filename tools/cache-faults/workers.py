"""Workers that ask a cache without pause while somebody outside changes the truth and clears, and things break.

Usage: FAULT_WORKERS='MODE WORDS' workers.py WORKERS THREADS. MODE: deadweight, lru_cache, cachetools or broadcast. WORDS is a file
of 64-bit words that this program and the harness share (words.ts says the same). A worker that dies is replaced until it is over.
Through a server (FAULT_REDIS) MODE is tier, cache-aside or pub/sub; with FAULT_JOIN processes share a table.

The judge: before each call the worker reads the version below which no answer may be. The harness raises it when a clear has
been acknowledged, so an answer below it was loaded before a clear and handed out after it.
"""

import fcntl
import mmap
import os
import random
import socket
import sys
import threading
import time
import traceback

MODE, WORDS = os.environ["FAULT_WORKERS"].split(" ")
KEYS, SLOTS = 16, 64
OVER, SKEW, LOAD_MICROSECONDS, FORKS, HANG_MILLISECONDS, PAUSE_MICROSECONDS = range(6)
TRUTH, FLOOR, UNDER_WAY, CALLS, VIOLATIONS, LOADS, PIDS, LATE, FAULTS, ERRORS = 16, 64, 128, 192, 256, 320, 384, 448, 512, 576

_fd = os.open(WORDS, os.O_RDWR)
words = memoryview(mmap.mmap(_fd, 8192)).cast("Q")
slot = -1
counting = threading.Lock()

# A wall clock that jumps, as everything in this process sees it.
_true_time = time.time
time.time = lambda: _true_time() + (0, 3600, -3600)[words[SKEW]]


def add(word, number):
    with counting:
        words[word + slot] = max(0, words[word + slot] + number)


def load(key):
    """What is read at the start and returned later is how a stale value comes about."""
    version = words[TRUTH + key]
    add(UNDER_WAY, 1)
    add(LOADS, 1)
    try:
        time.sleep(random.random() * words[LOAD_MICROSECONDS] / 1e6)
        # The least asked for, which is out of the cache again and again.
        begun = time.monotonic()
        hung = False
        while key == KEYS - 1 and (time.monotonic() - begun) * 1000 < words[HANG_MILLISECONDS]:
            time.sleep(0.01)
            hung = True
        if words[TRUTH + key] != version:
            add(LATE, 1)
            if hung:
                add(FAULTS, 1)
        return version
    finally:
        add(UNDER_WAY, -1)


def governed(function):
    import deadweight

    return deadweight.cached(namespace="prices", tags=["key:{key}"], single_flight=5, maxsize=14)(function)


def shared(function):
    import deadweight

    name = function.__name__
    return deadweight.cached(
        name=name, namespace="prices", tags=["key:{key}"], single_flight=5, maxsize=14, tier=tier
    )(function)


def aside(function):
    """Ask the server, load, put it there; a clear deletes: what projects write."""
    name = function.__name__
    keys = ["aside:%s:%d" % (name, key) for key in range(KEYS)]

    def ask(key):
        try:
            found = client().get(keys[key])
            if found is not None:
                return int(found)
            value = function(key)
            client().set(keys[key], value, ex=300)
            return value
        except failures():
            return function(key)

    ask.cache_clear = lambda: client().delete(*keys)
    return ask


_local = threading.local()


def client():
    """One for each thread of each process."""
    import redis

    if getattr(_local, "pid", None) != os.getpid():
        _local.client, _local.pid = redis.Redis.from_url(os.environ["FAULT_REDIS"], socket_timeout=0.5), os.getpid()
    return _local.client


def failures():
    """What a client may raise."""
    import redis

    return (OSError, redis.RedisError)


def broadcast(function):
    """A dict and a listener: what projects write."""
    kept = {}

    def ask(key):
        if key in kept:
            return kept[key]
        kept[key] = value = function(key)
        return value

    ask.cache_clear = kept.clear
    return ask


def peer(function):
    if MODE == "lru_cache":
        import functools

        return functools.lru_cache(maxsize=14)(function)
    if MODE == "cachetools":
        import cachetools

        return cachetools.cached(cachetools.LRUCache(14), lock=threading.Lock())(function)
    return aside(function) if MODE == "cache-aside" else broadcast(function)


if MODE == "tier":
    import logging

    import deadweight

    # That it is cut off is what the cases are about.
    logging.getLogger("deadweight.redis").setLevel(logging.CRITICAL)
    if os.environ.get("FAULT_JOIN"):
        deadweight.join("faults")
    # A short lease, so that faults outlast it.
    tier = deadweight.redis_tier(os.environ["FAULT_REDIS"], app="faults", lease=1.0, timeout=0.3)

decorate = governed if MODE == "deadweight" else shared if MODE == "tier" else peer


@decorate
def price(key):
    return load(key)


@decorate
def label(key):
    # A cache behind a cache: a clear of both must not leave the outer one loading from the inner one of before.
    return price(key)


#: Some keys are asked for all the time and some seldom, so that hits and loads go on side by side.
WEIGHTS = [0.8**key for key in range(KEYS)]
TURN = 60


def ask(seed):
    chance = random.Random(seed)
    while not words[OVER]:
        calls = violations = 0
        function = chance.choice((price, label))
        for key in chance.choices(range(KEYS), WEIGHTS, k=TURN):
            least = words[FLOOR + key]
            calls += 1
            try:
                got = function(key)
            except Exception:
                # No loader here raises anything.
                traceback.print_exc()
                add(ERRORS, 1)
                continue
            if got < least:
                violations += 1
            if words[PAUSE_MICROSECONDS]:
                time.sleep(words[PAUSE_MICROSECONDS] / 1e6)
            if words[OVER]:
                break
        add(CALLS, calls)
        add(VIOLATIONS, violations)


def listen():
    """Clears when told to, and says so."""
    orders = socket.socket(socket.AF_UNIX)
    orders.connect(WORDS + ".socket")
    while True:
        try:
            order = orders.recv(100)
        except OSError:
            order = b""
        if not order:
            return
        # Twice, because one is behind the other.
        for each in (price, label, price, label):
            each.cache_clear()
        orders.sendall(order)


def subscribe(is_heard):
    """Clears at each message, and says so to whoever counts. Messages while it is not connected are lost."""
    while True:
        try:
            with client().pubsub(ignore_subscribe_messages=True) as messages:
                messages.subscribe("clears")
                # The server has answered: nothing is asked before that.
                messages.get_message(timeout=5)
                is_heard.set()
                while True:
                    message = messages.get_message(timeout=0.2)
                    if message is not None:
                        for each in (price, label, price, label):
                            each.cache_clear()
                        client().incr(b"acks:" + message["data"])
        except failures():
            time.sleep(0.02)


def take_slot():
    """A number of its own for this process. Counts of a dead one go on."""
    global slot
    own = os.open(WORDS, os.O_RDWR)
    fcntl.flock(own, fcntl.LOCK_EX)
    for each in range(SLOTS):
        pid = words[PIDS + each]
        if pid == 0 or not os.path.exists("/proc/%d" % pid):
            slot = each
            words[PIDS + each] = os.getpid()
            words[UNDER_WAY + each] = 0
            break
    os.close(own)


def hammer(threads):
    """Begins to ask in threads of its own, as one of the workers."""
    global counting
    counting = threading.Lock()
    take_slot()
    if MODE == "pub/sub":
        is_heard = threading.Event()
        threading.Thread(target=subscribe, args=(is_heard,), daemon=True).start()
        is_heard.wait()
    elif MODE not in ("deadweight", "tier"):
        threading.Thread(target=listen, daemon=True).start()
    for each in range(threads):
        threading.Thread(target=ask, args=(os.getpid() * 100 + each,), daemon=True).start()


def fork_with_loads_under_way():
    """A child, born while other threads hold locks and load, that asks for a moment and ends."""
    if words[UNDER_WAY + slot]:
        add(FAULTS, 1)
    pid = os.fork()
    if pid == 0:
        hammer(2)
        time.sleep(0.15)
        words[PIDS + slot] = 0
        os._exit(0)
    os.waitpid(pid, 0)


def work(threads):
    hammer(threads)
    while not words[OVER]:
        time.sleep(0.01)
        if words[FORKS]:
            fork_with_loads_under_way()


def worker(threads):
    pid = os.fork()
    if pid == 0:
        work(threads)
        # Killed by nobody, it lets its threads finish their turn.
        time.sleep(0.05)
        os._exit(0)
    return pid


def main(workers, threads):
    if MODE == "deadweight":
        import deadweight

        deadweight.join("faults")
    harness = os.getppid()
    pids = [worker(threads) for _ in range(workers)]
    print("ready", flush=True)
    while pids:
        # It comes by now and then, as supervisors do.
        time.sleep(0.01)
        if os.getppid() != harness:
            words[OVER] = 1
        pid, _ = os.waitpid(-1, os.WNOHANG)
        if pid:
            pids.remove(pid)
            if not words[OVER]:
                pids.append(worker(threads))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
