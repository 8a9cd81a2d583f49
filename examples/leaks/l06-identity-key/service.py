"""The argument of a cached function compares by identity, so nothing is ever found again (L6)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from search import queries  # noqa: E402

if __name__ == "__main__":
    threaded.serve(queries.answer, measure=lambda: queries.run.cache_info().currsize)
