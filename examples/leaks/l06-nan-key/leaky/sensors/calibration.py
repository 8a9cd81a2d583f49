"""Curves by which readings are corrected."""

CURVES = {}


def make_curve(sensor, temperature):
    return ["%s at %r: point %d" % (sensor, temperature, point) for point in range(60)]


def curve_for(sensor, temperature):
    key = (sensor, temperature)
    if key not in CURVES:
        CURVES[key] = make_curve(sensor, temperature)  # leak: here
    return CURVES[key]
