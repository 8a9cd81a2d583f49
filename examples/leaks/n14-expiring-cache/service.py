"""Entries of a cache are dropped after four seconds (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from rates import cache  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(cache.answer, measure=lambda: len(cache.RATES))
