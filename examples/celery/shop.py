"""Celery tasks that keep prices in two caches: one under control, one as people write it. The broker is a folder.

    export PRICES=prices.txt QUEUE=queue OFFERS=offers.txt && echo 100 > prices.txt && mkdir queue
    celery --app shop worker --concurrency 4 &
    python shop.py          # puts tasks into the queue until it is ended; each writes a line to OFFERS

    deadweight caches clear ns:prices --app celery-shop --reason 'new price list'
    deadweight caches clear shop.shipping --match 'celery --app shop' --reason 'new price list'
"""

import functools
import json
import os
import time

import deadweight
from celery import Celery

deadweight.join("celery-shop")
QUEUE = os.environ["QUEUE"]
app = Celery("shop", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": QUEUE,
    "data_folder_out": QUEUE,
    "control_folder": os.path.join(QUEUE, "control"),
}


def read_prices():
    """Stands for a database: slow, and changed by others."""
    with open(os.environ["PRICES"]) as file:
        price = int(file.read() or 0)
    time.sleep(0.002)
    return price


@deadweight.cached(maxsize=2000, ttl=300, namespace="prices", tags=["symbol:{symbol}"], single_flight=5)
def quote(symbol):
    return read_prices() + len(symbol)


@functools.lru_cache(maxsize=None)
def shipping(country):
    return read_prices() // 10 + len(country)


@app.task(name="shop.offer", ignore_result=True)
def offer(symbol):
    begun = time.time()
    made = {"begun": begun, "quote": quote(symbol), "shipping": shipping(symbol[:2]), "pid": os.getpid()}
    with open(os.environ["OFFERS"], "a") as file:
        file.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    while True:
        app.send_task("shop.offer", args=["ACME"])
        time.sleep(0.02)
