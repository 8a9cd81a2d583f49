"""A pool opens a connection whenever all are busy, up to its size (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from store import pool  # noqa: E402

if __name__ == "__main__":
    threaded.serve(pool.answer, measure=lambda: len(pool.POOL.connections))
