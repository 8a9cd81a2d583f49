"""A shop in FastAPI whose workers keep prices in two caches: one under control and loaded by coroutines, one as people write it.

    export PRICES=prices.txt && echo 100 > prices.txt
    gunicorn --workers 4 --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8000 shop:app

    deadweight caches clear ns:prices --app fastapi-shop --reason 'new price list'
    deadweight caches clear shop.shipping --match 'gunicorn.*shop:app' --reason 'new price list'
"""

import asyncio
import functools
import os
import time

import deadweight
from fastapi import FastAPI

deadweight.join("fastapi-shop")
app = FastAPI()


def read_prices():
    """Stands for a database: changed by others."""
    with open(os.environ["PRICES"]) as file:
        return int(file.read() or 0)


@deadweight.cached(maxsize=2000, ttl=300, namespace="prices", tags=["symbol:{symbol}"], single_flight=5)
async def quote(symbol):
    price = read_prices()
    await asyncio.sleep(0.005)
    return price + len(symbol)


@functools.lru_cache(maxsize=None)
def shipping(country):
    price = read_prices()
    time.sleep(0.002)
    return price // 10 + len(country)


@app.get("/offer/{symbol}")
async def offer(symbol: str):
    return {"quote": await quote(symbol), "shipping": shipping(symbol[:2]), "pid": os.getpid()}
