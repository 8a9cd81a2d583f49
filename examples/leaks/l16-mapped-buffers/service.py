"""Each frame is a mapping of its own: 100 bytes of Python, 16 kB of memory beside it (L16)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from video import ring  # noqa: E402

if __name__ == "__main__":
    threaded.serve(ring.answer, measure=lambda: len(ring.FRAMES))
