"""Each version of a page keeps the one before it (L7)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from wiki import versions, pages  # noqa: E402

if __name__ == "__main__":
    threaded.serve(pages.answer, measure=lambda: versions.length())
