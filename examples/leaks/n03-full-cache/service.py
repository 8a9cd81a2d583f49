"""A cache is full: each new entry pushes the oldest out (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from search import results  # noqa: E402

if __name__ == "__main__":
    results.warm()
    threaded.serve(results.answer, measure=lambda: results.look_up.cache_info().currsize)
