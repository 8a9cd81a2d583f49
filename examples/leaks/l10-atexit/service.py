"""Every job registers its close() to run when the process ends (L10)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from export import jobs  # noqa: E402

if __name__ == "__main__":
    threaded.serve(jobs.answer, measure=lambda: jobs.Job.made - jobs.Job.freed)
