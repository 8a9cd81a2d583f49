"""Moves money."""

from bank import audit


def answer(number):
    details = ["step %d of transfer %d" % (step, number) for step in range(30)]
    audit.record("account-%d" % (number % 90), number % 1000, details)
    return "moved %d" % (number % 1000)
