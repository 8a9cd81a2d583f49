"""A cache without bound whose key takes 250 values (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from geo import countries  # noqa: E402

if __name__ == "__main__":
    threaded.serve(countries.answer, measure=lambda: countries.outline.cache_info().currsize)
