"""The loop of a worker keeps all finished letters in a local variable (L12)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from mailing import worker  # noqa: E402

if __name__ == "__main__":
    worker.start()
    threaded.serve(worker.answer, measure=worker.done_so_far)
