"""Imports rows, one file for each request."""

from importer import failures


def parse(cells):
    text = ";".join(cells)
    raise ValueError("row %s... is not valid" % text[:20])


def answer(number):
    cells = ["cell %d of file %d" % (cell, number) for cell in range(60)]
    try:
        return parse(cells)
    except ValueError as error:
        failures.note(error)
        return failures.summary()
