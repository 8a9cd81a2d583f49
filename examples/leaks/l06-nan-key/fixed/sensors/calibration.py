"""Curves by which readings are corrected."""

import math

CURVES = {}


def make_curve(sensor, temperature):
    return ["%s at %r: point %d" % (sensor, temperature, point) for point in range(60)]


def curve_for(sensor, temperature):
    key = (sensor, None if math.isnan(temperature) else temperature)
    if key not in CURVES:
        CURVES[key] = make_curve(*key)
    return CURVES[key]
