"""The cache keeps a whole table for each customer where a number would do (L5)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from statistics_page import tables  # noqa: E402

if __name__ == "__main__":
    threaded.serve(tables.answer, measure=lambda: tables.table_for.cache_info().currsize)
