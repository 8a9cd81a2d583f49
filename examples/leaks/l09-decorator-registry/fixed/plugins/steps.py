"""Steps make themselves known by a decorator."""

REGISTERED = {}


def step(function):
    REGISTERED[len(REGISTERED), function.__qualname__] = function  # leak: here
    return function
