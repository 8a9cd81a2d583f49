"""A converter per request: the source of each generated function stays in linecache (python-attrs/cattrs #290)."""

import linecache

import cattrs
from attrs import define


@define
class Order:
    number: int


def exercise(n):
    for number in range(n):
        cattrs.GenConverter().structure({"number": number}, Order)


def held():
    return len(linecache.cache)
