"""Calls that run into their time limit leave their future behind (L15)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from rpc import calls  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(calls.answer, measure=lambda: len(calls.WAITING))
