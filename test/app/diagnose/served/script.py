"""The shop without a server. Words choose what it is: `loop`, `asyncio`, or `busy`, which leaves no processor time unused."""

import asyncio
import sys
import threading
import time

import shop


def loop():
    number = 0
    while True:
        shop.visit(number)
        number += 1
        time.sleep(0.02)


async def daemon():
    number = 0
    while True:
        await asyncio.sleep(0.02)
        shop.visit(number)
        number += 1


def burn():
    while True:
        sum(each * each for each in range(10000))


if __name__ == "__main__":
    print("ready", flush=True)
    if sys.argv[1] == "asyncio":
        asyncio.run(daemon())
    if sys.argv[1] == "busy":
        threading.Thread(target=burn, daemon=True).start()
    loop()
