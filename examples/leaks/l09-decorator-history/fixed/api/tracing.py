"""Traces the latest calls of views."""

import collections
import functools


def traced(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        result = function(*arguments)
        wrapper.calls.append((arguments, result))
        return result

    wrapper.calls = collections.deque(maxlen=50)
    return wrapper
