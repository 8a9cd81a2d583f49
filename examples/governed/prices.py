"""A price service whose cache keeps every quote that it ever gave. Ends with Ctrl-C.

    python3 prices.py            # a dict, as people write it: it grows
    python3 prices.py --governed # with deadweight.cached, after `pip install` of python/ or with PYTHONPATH=python/src
"""

import random
import sys
import time

SYMBOLS = ["S%03d" % number for number in range(400)]
#: Some are asked for all the time and most seldom.
WEIGHTS = [1 / (rank + 1) ** 0.7 for rank in range(len(SYMBOLS))]


def read_quote(symbol, version):
    return {"symbol": symbol, "version": version, "history": [random.random() for _ in range(40)]}


if "--governed" in sys.argv:
    import deadweight

    deadweight.join("prices")

    @deadweight.cached(maxsize=250, ttl=60, namespace="quotes", tags=["symbol:{symbol}"])
    def quote(symbol, version):
        return read_quote(symbol, version)

else:
    QUOTES = {}

    def quote(symbol, version):
        key = (symbol, version)
        if key not in QUOTES:
            QUOTES[key] = read_quote(symbol, version)
        return QUOTES[key]


def serve():
    while True:
        # The price list has a new version every second; nobody asks for an old one again.
        quote(random.choices(SYMBOLS, WEIGHTS)[0], int(time.time()))
        time.sleep(0.001)


print("ready", flush=True)
serve()
