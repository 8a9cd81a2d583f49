"""More requests at once hold more memory, each for as long as it runs (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from checkout import orders  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(orders.answer, measure=lambda: len(orders.OPEN))
