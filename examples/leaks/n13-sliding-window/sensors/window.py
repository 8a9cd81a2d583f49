"""A mean over the latest readings."""

import collections

LATEST = collections.deque(maxlen=1000)


def answer(number):
    LATEST.append({"moment": number, "values": [number * 0.5 + step for step in range(60)]})
    return "mean over %d" % len(LATEST)
