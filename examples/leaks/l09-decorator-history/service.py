"""A decorator keeps the arguments and results of all calls (L9)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from api import tracing, views  # noqa: E402

if __name__ == "__main__":
    threaded.serve(views.answer, measure=lambda: len(views.show.calls))
