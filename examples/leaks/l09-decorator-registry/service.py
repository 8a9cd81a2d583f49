"""A decorator registers what it decorates, and is applied at every request (L9)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from plugins import steps, pipeline  # noqa: E402

if __name__ == "__main__":
    threaded.serve(pipeline.answer, measure=lambda: len(steps.REGISTERED))
