"""Counts visits."""

import os

from stats.client import StatsClient


async def answer(number):
    client = StatsClient(("127.0.0.1", 8125))
    client.count("visit-%d" % number)
    client.close()
    return "counted"


def descriptors():
    return len(os.listdir("/proc/self/fd"))
