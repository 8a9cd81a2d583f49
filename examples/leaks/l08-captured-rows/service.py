"""Work for later closes over all rows of the request to say how many there are (L8)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from exports import summaries  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(summaries.answer, measure=lambda: len(summaries.LATER))
