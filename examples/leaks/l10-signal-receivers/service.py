"""Orders listen to a signal for longer than they live (L10)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from store import models, orders  # noqa: E402

if __name__ == "__main__":
    threaded.serve(orders.answer, measure=lambda: len(models.PRICE_CHANGED._receivers))
