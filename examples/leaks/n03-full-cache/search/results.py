"""Results of searches."""

import functools


@functools.lru_cache(maxsize=800)
def look_up(words):
    return ["hit %d for %s" % (hit, words) for hit in range(50)]


def warm():
    for number in range(800):
        look_up("words of earlier search %d" % number)


def answer(number):
    return look_up("words of search %d" % number)[0]
