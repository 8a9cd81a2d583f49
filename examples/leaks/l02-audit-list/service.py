"""Every transfer is written to a list that nobody empties (L2)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from bank import audit, transfers  # noqa: E402

if __name__ == "__main__":
    threaded.serve(transfers.answer, measure=lambda: len(audit.ENTRIES))
