"""A finaliser is given a bound method of the object that it waits for (L10)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from images import thumbnails  # noqa: E402

if __name__ == "__main__":
    threaded.serve(thumbnails.answer, measure=lambda: thumbnails.Thumbnail.made - thumbnails.Thumbnail.freed)
