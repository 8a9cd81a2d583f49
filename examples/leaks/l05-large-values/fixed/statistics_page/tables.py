"""The sales of a customer, by month and article."""

import functools


def row(customer, month):
    return {"article-%d" % article: "%d pieces for customer %d" % (month * article, customer) for article in range(40)}


@functools.lru_cache(maxsize=256)
def table_for(customer):
    """Only the one number that is shown; the table is made again when it is needed."""
    return {"month-%d" % month: row(customer, month) for month in range(12)}["month-3"]["article-7"]


def answer(number):
    return table_for(number)
