"""A cache of 20,000 entries is still filling (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from search import results  # noqa: E402

if __name__ == "__main__":
    threaded.serve(results.answer, measure=lambda: results.look_up.cache_info().currsize)
