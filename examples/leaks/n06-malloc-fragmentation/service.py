"""Buffers of many sizes come and go, and small ones stay between them (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from images import resizing  # noqa: E402

if __name__ == "__main__":
    threaded.serve(resizing.answer, measure=lambda: len(resizing.RECENT))
