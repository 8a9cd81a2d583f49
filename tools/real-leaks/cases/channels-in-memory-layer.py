"""Messages to channels that nobody reads: expired, but the empty queues stay (django/channels #1574, PR #1651)."""

import asyncio

from channels.layers import InMemoryChannelLayer

LAYER = InMemoryChannelLayer(expiry=0.01)
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)
calls = 0


async def notify(n):
    global calls
    for _ in range(n):
        calls += 1
        await LAYER.send(f"browser-{calls}", {"type": "news"})
    await asyncio.sleep(0.05)
    await LAYER.send("worker", {"type": "tick"})
    try:
        await asyncio.wait_for(LAYER.receive("worker"), 0.5)
    except asyncio.TimeoutError:  # it expired first: the machine was busy
        pass


def exercise(n):
    LOOP.run_until_complete(notify(n))


def held():
    return len(LAYER.channels)
