"""Searches the catalogue."""

import functools


class Query:
    def __init__(self, words, page):
        self.words = words
        self.page = page


@functools.lru_cache(maxsize=None)  # leak: here
def run(query):
    return ["%s on page %d: hit %d" % (query.words, query.page, hit) for hit in range(50)]


def answer(number):
    return run(Query("blue shoes", number % 5))[0]  # leak: here
