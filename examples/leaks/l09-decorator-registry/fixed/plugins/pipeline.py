"""Runs a request through its steps."""

from plugins.steps import step


@step
def count(rows):
    return len(rows)


@step
def first(rows):
    return rows[0]


def answer(number):
    rows = ["row %d of request %d" % (row, number) for row in range(60)]
    return "%d rows, %s" % (count(rows), first(rows))
