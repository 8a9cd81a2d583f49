"""A class made in a function: the source of its methods stays in linecache each time (python-attrs/attrs #826)."""

import linecache

import attr


def exercise(n):
    for number in range(n):

        @attr.s
        class Row:
            number = attr.ib()

        Row(number)


def held():
    return len(linecache.cache)
