"""Readings of each device."""

BY_DEVICE = {}


class Reading:
    __slots__ = ("moment", "values", "note")

    def __init__(self, moment, values, note):
        self.moment = moment
        self.values = values
        self.note = note


def keep(device, reading):
    BY_DEVICE.setdefault(device, []).append(reading)  # leak: here
