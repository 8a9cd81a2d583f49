"""Results of searches."""

import functools


@functools.lru_cache(maxsize=20000)
def look_up(words):
    return ["hit %d for %s" % (hit, words) for hit in range(50)]


def answer(number):
    return look_up("words of search %d" % number)[0]
