"""Templates are compiled when they are first asked for; there are 1000 of them (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from shop import templates  # noqa: E402

if __name__ == "__main__":
    threaded.serve(templates.answer, measure=lambda: len(templates.COMPILED))
