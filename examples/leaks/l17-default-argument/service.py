"""Errors of all requests gather in a default argument (L17)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from forms import validation  # noqa: E402

if __name__ == "__main__":
    threaded.serve(validation.answer, measure=lambda: len(validation.check.__defaults__[0]))
