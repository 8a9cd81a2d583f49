"""Calls to another service, by number."""

import asyncio

WAITING = {}


class Call:
    def __init__(self, number):
        self.number = number
        self.arguments = ["argument %d of call %d" % (argument, number) for argument in range(50)]
        self.reply = asyncio.get_running_loop().create_future()


async def answer(number):
    call = Call(number)
    WAITING[number] = call  # leak: here
    try:
        return await asyncio.wait_for(call.reply, timeout=0.02)
    except asyncio.TimeoutError:
        return "no reply"
