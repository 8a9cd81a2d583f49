"""A log handler is added for each request and never removed (L13)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from desk import journal, tickets  # noqa: E402

if __name__ == "__main__":
    threaded.serve(tickets.answer, measure=lambda: len(journal.LOG.handlers))
