"""How often a caller may ask."""

import time


def make_limiter(most_per_second):
    asked = []

    def allow(caller, agent):
        now = time.time()
        asked.append((now, caller, agent))  # leak: here
        return len(asked) < most_per_second or asked[-most_per_second][0] < now - 1

    return allow


allow = make_limiter(1000)


def answer(number):
    return str(allow("caller-%d" % number, "Mozilla/5.0 number %d " % number * 90))
