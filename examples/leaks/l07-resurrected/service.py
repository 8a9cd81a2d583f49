"""A finaliser puts the object into a list of spare ones that nobody takes from (L7)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from render import canvas  # noqa: E402

if __name__ == "__main__":
    threaded.serve(canvas.answer, measure=lambda: len(canvas.SPARE))
