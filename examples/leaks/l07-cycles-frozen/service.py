"""Every round ends with gc.freeze(), so its cycles are never looked at again (L7)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from game import rounds  # noqa: E402

if __name__ == "__main__":
    threaded.serve(rounds.answer, measure=lambda: rounds.Player.made - rounds.Player.freed)
