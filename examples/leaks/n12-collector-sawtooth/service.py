"""Cycles that grew old wait for the next full collection (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from graph import routes  # noqa: E402

if __name__ == "__main__":
    threaded.serve(routes.answer, measure=lambda: routes.Stop.made - routes.Stop.freed)
