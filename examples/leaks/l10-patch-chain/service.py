"""The transport is wrapped again whenever the settings are read (L10)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from client import transport, patching  # noqa: E402

if __name__ == "__main__":
    threaded.serve(patching.answer, measure=lambda: patching.layers())
