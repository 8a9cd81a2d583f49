"""Decodes frames."""

from codec import native


def answer(number):
    return "mean %d" % native.decode(number)
