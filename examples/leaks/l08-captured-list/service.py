"""A closure keeps the moment and caller of every request in a list of its own (L8)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from quota import limits  # noqa: E402

if __name__ == "__main__":
    threaded.serve(limits.answer, measure=lambda: len(limits.allow.__closure__[0].cell_contents))
