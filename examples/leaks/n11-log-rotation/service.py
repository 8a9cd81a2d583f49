"""Log files grow and are rotated (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from access import log  # noqa: E402

if __name__ == "__main__":
    threaded.serve(log.answer, measure=lambda: log.LOG.handlers[0].stream.tell())
