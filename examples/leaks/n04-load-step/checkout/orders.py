"""Takes orders; the payment takes a while."""

import asyncio

OPEN = {}


async def answer(number):
    OPEN[number] = ["line %d of order %d" % (line, number) for line in range(2000)]
    try:
        await asyncio.sleep(0.4)
        return "order of %d lines" % len(OPEN[number])
    finally:
        del OPEN[number]
