"""A batch is collected and written when it is full (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from ingest import batch  # noqa: E402

if __name__ == "__main__":
    threaded.serve(batch.answer, measure=lambda: len(batch.ROWS))
