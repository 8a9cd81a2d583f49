"""Background tasks wait for an acknowledgement that never comes (L15)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import asynchronous  # noqa: E402

from push import notifier  # noqa: E402

if __name__ == "__main__":
    asynchronous.serve(notifier.answer, measure=lambda: len(notifier.BACKGROUND))
