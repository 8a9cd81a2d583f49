"""Pushes notices to phones, and gives up in time."""

import asyncio

BACKGROUND = set()


async def deliver(number):
    notice = ["line %d of notice %d" % (line, number) for line in range(50)]
    acknowledged = asyncio.Event()
    try:
        await asyncio.wait_for(acknowledged.wait(), timeout=0.5)
    except asyncio.TimeoutError:
        return 0
    return len(notice)


async def answer(number):
    task = asyncio.ensure_future(deliver(number))
    BACKGROUND.add(task)
    task.add_done_callback(BACKGROUND.discard)
    return "pushed"
