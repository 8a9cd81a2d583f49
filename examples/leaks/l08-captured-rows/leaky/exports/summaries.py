"""Summaries that are written when somebody asks for them."""

LATER = []


def rows_of(number):
    return ["row %d of export %d" % (row, number) for row in range(60)]


def summary_of(rows):
    def summary():
        return "%d rows, the first is %s" % (len(rows), rows[0])

    return summary


async def answer(number):
    LATER.append(summary_of(rows_of(number)))  # leak: here
    return "later"
