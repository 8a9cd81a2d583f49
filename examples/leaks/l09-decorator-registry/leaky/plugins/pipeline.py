"""Runs a request through its steps."""

from plugins.steps import step


def answer(number):
    rows = ["row %d of request %d" % (row, number) for row in range(60)]

    @step
    def count():
        return len(rows)

    @step
    def first():
        return rows[0]

    return "%d rows, %s" % (count(), first())
