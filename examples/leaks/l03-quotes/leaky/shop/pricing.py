"""What an article costs."""

import functools
import time


@functools.lru_cache(maxsize=None)  # leak: here
def quote(sku, moment):
    return ["%s: %d at %s" % (sku, amount, moment) for amount in range(40)]


def answer(number):
    return quote("sku-%d" % (number % 50), time.time())[0]  # leak: here
