"""The latest readings of each device."""

import collections

BY_DEVICE = {}
MOST_READINGS = 10


class Reading:
    __slots__ = ("moment", "values", "note")

    def __init__(self, moment, values, note):
        self.moment = moment
        self.values = values
        self.note = note


def keep(device, reading):
    BY_DEVICE.setdefault(device, collections.deque(maxlen=MOST_READINGS)).append(reading)
