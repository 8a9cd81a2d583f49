"""Each connection subscribes a bound method and never takes it back (L10)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from chat import bus, connections  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(connections.answer, measure=lambda: len(bus.LISTENERS))
