"""A queue that has a bound and is kept full (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from print_room import backlog  # noqa: E402

if __name__ == "__main__":
    backlog.start()
    threaded.serve(backlog.answer, measure=lambda: backlog.JOBS.qsize())
