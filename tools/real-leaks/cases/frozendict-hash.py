"""A frozendict used as a key: hashing leaks its items in C (Marco-Sulla/python-frozendict #55)."""

from frozendict import frozendict


def exercise(n):
    for _ in range(n):
        hash(frozendict({number: number for number in range(1000)}))


def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1])
