"""Pages asked for with a cookie set: each path looked up leaves an empty entry (aio-libs/aiohttp #11052, PR #11054)."""

import asyncio

import aiohttp
from yarl import URL

LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)
calls = 0


async def open_jar():
    jar = aiohttp.CookieJar()
    jar.update_cookies({"session": "1"}, URL("http://shop.example/"))
    return jar


JAR = LOOP.run_until_complete(open_jar())


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        JAR.filter_cookies(URL(f"http://shop.example/article/{calls}"))


def held():
    return len(JAR._cookies)
