"""Rendered pages are cached under an address with a tracking number in it (L1)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from site_pages import rendering  # noqa: E402

if __name__ == "__main__":
    threaded.serve(rendering.answer, measure=lambda: len(rendering.CACHE._pages))
