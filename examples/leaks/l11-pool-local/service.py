"""Pool threads keep the history of all their jobs in a thread-local (L11)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from scoring import context, work  # noqa: E402

if __name__ == "__main__":
    threaded.serve(work.answer, measure=lambda: work.Job.made - work.Job.freed)
