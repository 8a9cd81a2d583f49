"""What an article costs."""

import functools


@functools.lru_cache(maxsize=128)
def quote(sku, day):
    return ["%s: %d on %s" % (sku, amount, day) for amount in range(40)]


def answer(number):
    return quote("sku-%d" % (number % 50), "today")[0]
