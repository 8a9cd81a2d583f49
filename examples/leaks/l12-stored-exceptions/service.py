"""Failed rows are kept as exceptions, whose tracebacks keep the frames (L12)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from importer import failures, rows  # noqa: E402

if __name__ == "__main__":
    threaded.serve(rows.answer, measure=lambda: len(failures.FAILED))
