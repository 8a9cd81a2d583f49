"""The sales of a customer, by month and article."""

import functools


def row(customer, month):
    return {"article-%d" % article: "%d pieces for customer %d" % (month * article, customer) for article in range(40)}


@functools.lru_cache(maxsize=None)  # leak: here
def table_for(customer):
    return {"month-%d" % month: row(customer, month) for month in range(12)}


def answer(number):
    table = table_for(number)  # leak: here
    return table["month-3"]["article-7"]
