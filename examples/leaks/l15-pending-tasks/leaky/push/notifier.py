"""Pushes notices to phones."""

import asyncio

BACKGROUND = set()


async def deliver(number):
    notice = ["line %d of notice %d" % (line, number) for line in range(50)]
    acknowledged = asyncio.Event()
    await acknowledged.wait()
    return len(notice)


async def answer(number):
    task = asyncio.ensure_future(deliver(number))
    BACKGROUND.add(task)  # leak: here
    task.add_done_callback(BACKGROUND.discard)
    return "pushed"
