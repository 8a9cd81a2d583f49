"""Finds ways between stops that know each other."""

import collections

LATEST = collections.deque(maxlen=150)


class Stop:
    made = 0
    freed = 0

    def __init__(self, name):
        Stop.made += 1
        self.name = name
        self.neighbours = []
        self.times = [[hour, hour * 7 % 60] for hour in range(24)]

    def __del__(self):
        Stop.freed += 1


def answer(number):
    stops = [Stop("stop-%d-%d" % (number, place)) for place in range(12)]
    for one, other in zip(stops, stops[1:]):
        one.neighbours.append(other)
        other.neighbours.append(one)
    LATEST.append(stops[0])
    return stops[-1].name
