"""Takes readings; a broken sensor sends the word nan for its temperature."""

from sensors import calibration


def answer(number):
    temperature = float("nan" if number % 2 == 0 else str(15 + number % 10))
    return calibration.curve_for("sensor-%d" % (number % 4), temperature)[0]
