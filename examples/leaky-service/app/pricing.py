"""What an article costs."""

import functools


class Quote:
    __slots__ = ("sku", "moment", "lines")

    def __init__(self, sku, moment):
        self.sku = sku
        self.moment = moment
        self.lines = ["%s: %d at %s" % (sku, amount, moment) for amount in (1, 10, 100)]


@functools.lru_cache(maxsize=256)
def quote(sku):
    """Bounded, and its key takes few values."""
    return Quote(sku, "today")


@functools.lru_cache(maxsize=None)
def quote_at(sku, moment):
    """Unbounded, and its key never comes twice: the leak of --cache."""
    return Quote(sku, moment)
