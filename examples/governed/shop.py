"""A shop with two workers that ask for prices all the time. Ends when its input ends.

    python3 shop.py            # with functools.lru_cache, as people write it
    python3 shop.py --governed # with deadweight.cached, after `pip install` of python/ or with PYTHONPATH=python/src
"""

import functools
import os
import random
import select
import signal
import sys
import time

WORKERS = 2


def read_price(symbol, day):
    time.sleep(0.002)
    return {"symbol": symbol, "day": day, "price": 100 + hash((symbol, day)) % 50, "source": "list of " + time.strftime("%F")}


if "--governed" in sys.argv:
    import deadweight

    deadweight.join("shop")

    @deadweight.cached(maxsize=2000, ttl=300, namespace="prices", tags=["symbol:{symbol}"])
    def quote(symbol, day=0):
        return read_price(symbol, day)

else:

    @functools.lru_cache(maxsize=None)
    def quote(symbol, day=0):
        return read_price(symbol, day)


def work():
    while True:
        symbol = "S%d" % int(random.expovariate(0.05))
        if random.random() < 0.5:
            quote(symbol, 3)
        else:
            quote(symbol, day=3)
        time.sleep(0.001)


children = []
for _ in range(WORKERS):
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
    children.append(pid)
print("workers", *children, flush=True)
# It comes by every second, as supervisors do: one that waits for ever in the system cannot be asked to clear what it would hand on.
while not select.select([sys.stdin], [], [], 1)[0]:
    pass
for pid in children:
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
