"""Forty devices, each with a list of readings that only grows (L2)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import lines  # noqa: E402

from telemetry import readings, intake  # noqa: E402

if __name__ == "__main__":
    lines.serve(intake.answer, measure=lambda: sum(len(r) for r in readings.BY_DEVICE.values()))
