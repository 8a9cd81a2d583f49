"""Each request has a logger with a name of its own, and loggers live for ever (L13)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

import logging  # noqa: E402
from tenants import requests  # noqa: E402

if __name__ == "__main__":
    threaded.serve(requests.answer, measure=lambda: len(logging.root.manager.loggerDict))
