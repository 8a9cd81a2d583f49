"""The generator of each listing waits for a second page that nobody asks for (L12)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from feeds import paging  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(paging.answer, measure=lambda: len(paging.OPEN))
