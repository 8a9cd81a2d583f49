"""Ever larger batches leave a few small survivors in every arena (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from reports import batches  # noqa: E402

if __name__ == "__main__":
    threaded.serve(batches.answer, measure=lambda: len(batches.SURVIVORS))
