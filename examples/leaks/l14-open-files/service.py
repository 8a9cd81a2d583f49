"""Spool files are opened for each upload and kept (L14)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from uploads import spool  # noqa: E402

if __name__ == "__main__":
    threaded.serve(spool.answer, measure=spool.descriptors)
