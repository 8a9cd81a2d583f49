"""Events come faster than the one worker writes them, and the queue has no bound (L15)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from events import inbox, intake  # noqa: E402

if __name__ == "__main__":
    inbox.start()
    threaded.serve(intake.answer, measure=lambda: inbox.EVENTS.qsize())
