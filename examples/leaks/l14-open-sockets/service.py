"""Every request makes a client with a socket of its own, and all clients are kept (L14)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from stats import client, visits  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(visits.answer, measure=visits.descriptors)
