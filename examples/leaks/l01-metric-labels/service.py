"""A histogram gets one set of buckets for each order, since the order is a label (L1)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from orders import metrics, checkout  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(checkout.answer, measure=lambda: len(metrics.LATENCY._children))
