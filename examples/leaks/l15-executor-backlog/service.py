"""Jobs are handed to a pool that is slower than the requests (L15)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from mails import sending  # noqa: E402

if __name__ == "__main__":
    threaded.serve(sending.answer, measure=sending.backlog)
