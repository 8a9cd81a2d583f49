"""A cached method keeps every report that it was asked of (L4)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from reports import report  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(report.answer, measure=lambda: report.Report.total.cache_info().currsize)
