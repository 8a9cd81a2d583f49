"""Prices are cached without bound under the moment of the question (L3)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from shop import pricing  # noqa: E402

if __name__ == "__main__":
    threaded.serve(pricing.answer, measure=lambda: pricing.quote.cache_info().currsize)
