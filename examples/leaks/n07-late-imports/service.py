"""Modules are imported when they are first needed (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from tools import lazily  # noqa: E402

if __name__ == "__main__":
    threaded.serve(lazily.answer, measure=lambda: len(__import__("sys").modules))
