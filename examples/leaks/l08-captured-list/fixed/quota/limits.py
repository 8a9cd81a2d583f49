"""How often a caller may ask."""

import collections
import time


def make_limiter(most_per_second):
    asked = collections.deque(maxlen=100)

    def allow(caller, agent):
        now = time.time()
        asked.append((now, caller, agent))
        return len(asked) < most_per_second or asked[0][0] < now - 1

    return allow


allow = make_limiter(1000)


def answer(number):
    return str(allow("caller-%d" % number, "Mozilla/5.0 number %d " % number * 90))
