"""Outlines of countries."""

import functools


@functools.lru_cache(maxsize=None)
def outline(country):
    return [(country * 7 + point * 0.5, point * 0.25) for point in range(80)]


def answer(number):
    return "%d points" % len(outline(number * 11 % 250))
