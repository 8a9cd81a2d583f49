"""A journal in one bytearray that is never written out (L2)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import lines  # noqa: E402

from ledger import journal, booking  # noqa: E402

if __name__ == "__main__":
    lines.serve(booking.answer, measure=lambda: len(journal.JOURNAL))
