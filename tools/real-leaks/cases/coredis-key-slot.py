"""A key object per command, asked for its cluster slot: the cached property keeps each (coredis #375). No server is asked."""

from coredis.typing import Key

NUMBER = 0


def route(number):
    return Key("user:%d:profile" % number).slot


def exercise(n):
    global NUMBER
    for _ in range(n):
        NUMBER += 1
        route(NUMBER)


def held():
    # The fixed version computes the slot once for each key, and keeps it there.
    function = getattr(Key.slot, "fget", None)
    return function.cache_info().currsize if hasattr(function, "cache_info") else 0
