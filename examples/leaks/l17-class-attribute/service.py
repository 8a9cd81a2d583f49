"""All carts share the one list of the class (L17)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "fixed" if "--fixed" in sys.argv else "leaky"), os.path.dirname(HERE)]

from serving import threaded  # noqa: E402

from carts import cart  # noqa: E402

if __name__ == "__main__":
    threaded.serve(cart.answer, measure=lambda: len(cart.SIZES) and cart.SIZES[-1])
