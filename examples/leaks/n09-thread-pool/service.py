"""A pool starts threads until it has its forty (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from work import pool  # noqa: E402

if __name__ == "__main__":
    threaded.serve(pool.answer, measure=lambda: len(pool.POOL._threads))
