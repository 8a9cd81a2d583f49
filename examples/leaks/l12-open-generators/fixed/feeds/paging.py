"""Listings that are read page by page."""

OPEN = {}
MOST_OPEN = 30


def pages(number):
    rows = ["row %d of listing %d" % (row, number) for row in range(60)]
    for start in range(0, len(rows), 20):
        yield rows[start : start + 20]


async def answer(number):
    listing = pages(number)
    first = next(listing)
    OPEN["cursor-%d" % number] = listing
    while len(OPEN) > MOST_OPEN:
        OPEN.pop(next(iter(OPEN))).close()
    return first[0]
