"""Summaries that are written by the next request at the latest."""

LATER = []


def rows_of(number):
    return ["row %d of export %d" % (row, number) for row in range(60)]


def summary_of(rows):
    text = "%d rows, the first is %s" % (len(rows), rows[0])

    def summary():
        return text

    return summary


async def answer(number):
    LATER.append(summary_of(rows_of(number)))
    while len(LATER) > 10:
        LATER.pop(0)()
    return "later"
