"""A process with about N objects of the kinds that fill real heaps, then at rest. Used by bench/analysis.ts.

    python3 bench/targets/heap.py 5000000

Prints "ready COUNT" and sleeps until its standard input ends. About 78 bytes per object on CPython 3.11.
"""

import sys


class Address:
    def __init__(self, street, city):
        self.street = street
        self.city = city


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class User:
    def __init__(self, number):
        self.name = "user%d" % number
        self.tags = ["tag%d" % (number % 97), number]
        self.address = Address("street %d" % (number // 3), CITIES[number % len(CITIES)])


CITIES = ["city%d" % i for i in range(50)]
users = []
cache = {}
index = {}
points = []
series = []
# What one round of the loop leaves behind, counted by gc and sys on 3.11; the exact figure is what the tool reports.
OBJECTS_PER_ROUND = 25


def fill(rounds):
    for i in range(rounds):
        user = User(i)
        users.append(user)
        cache["k%d" % i] = {"user": user, "meta": [i * 1.5, (i, i + 1)], "seen": False}
        index[i] = user.name
        points.append(Point(i * 0.5, i * 0.25))
        series.append((i * 2.5, "s%d" % i, None, (i,)))
        if i % 8 == 0:
            user.friend = users[i // 2]


def main():
    rounds = int(sys.argv[1]) // OBJECTS_PER_ROUND
    fill(rounds)
    print("ready", rounds * OBJECTS_PER_ROUND, flush=True)
    sys.stdin.read()


main()
