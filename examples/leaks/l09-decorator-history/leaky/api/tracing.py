"""Traces calls of views."""

import functools


def traced(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        result = function(*arguments)
        wrapper.calls.append((arguments, result))  # leak: here
        return result

    wrapper.calls = []
    return wrapper
