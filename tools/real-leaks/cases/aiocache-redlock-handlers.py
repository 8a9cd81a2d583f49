"""A lock per order: released, but its timer handle stays in the memory cache (aio-libs/aiocache PR #807)."""

import asyncio

from aiocache import SimpleMemoryCache
from aiocache.lock import RedLock

LOOP = asyncio.new_event_loop()
CACHE = SimpleMemoryCache()
calls = 0


async def handle(order):
    async with RedLock(CACHE, f"order-{order}", lease=1):
        pass


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        LOOP.run_until_complete(handle(calls))


def held():
    return len(CACHE._handlers)
