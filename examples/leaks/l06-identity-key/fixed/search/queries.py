"""Searches the catalogue."""

import functools


class Query:
    def __init__(self, words, page):
        self.words = words
        self.page = page

    def __eq__(self, other):
        return isinstance(other, Query) and (self.words, self.page) == (other.words, other.page)

    def __hash__(self):
        return hash((self.words, self.page))


@functools.lru_cache(maxsize=None)
def run(query):
    return ["%s on page %d: hit %d" % (query.words, query.page, hit) for hit in range(50)]


def answer(number):
    return run(Query("blue shoes", number % 5))[0]
