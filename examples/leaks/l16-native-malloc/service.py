"""C memory is taken for each frame and given back by nobody (L16)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from codec import native, frames  # noqa: E402

if __name__ == "__main__":
    threaded.serve(frames.answer, measure=lambda: native.held)
