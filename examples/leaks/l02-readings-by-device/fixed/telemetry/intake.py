"""Takes readings from devices."""

from telemetry import readings


def answer(number):
    values = [number * 0.25 + step for step in range(80)]
    readings.keep("device-%02d" % (number % 40), readings.Reading(number, values, "reading %d" % number))
    return "kept"
