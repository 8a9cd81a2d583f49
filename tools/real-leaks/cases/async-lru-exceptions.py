"""A cached coroutine that fails for each key: the failed entry stays (aio-libs/async-lru PR #595)."""

import asyncio

from async_lru import alru_cache


@alru_cache(maxsize=None)
async def price(article):
    raise LookupError(article)


LOOP = asyncio.new_event_loop()
calls = 0


async def ask(article):
    try:
        await price(article)
    except LookupError:
        pass


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        LOOP.run_until_complete(ask(calls))


def held():
    return price.cache_info().currsize
