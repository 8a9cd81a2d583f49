"""A memo is asked with a temperature that is no number, which never equals itself (L6)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from sensors import calibration, intake  # noqa: E402

if __name__ == "__main__":
    threaded.serve(intake.answer, measure=lambda: len(calibration.CURVES))
