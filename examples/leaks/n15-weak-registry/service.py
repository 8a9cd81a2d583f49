"""A registry holds guests weakly; only who is here is in it (no leak)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from rooms import registry, guests  # noqa: E402

if __name__ == "__main__":
    threaded.serve(guests.answer, measure=lambda: len(registry.BY_NAME))
