"""Parents and children know each other and the collector is off (L7)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from dom import documents  # noqa: E402
from dom import switches  # noqa: E402

if __name__ == "__main__":
    threaded.serve(documents.answer, measure=lambda: documents.Node.made - documents.Node.freed)
