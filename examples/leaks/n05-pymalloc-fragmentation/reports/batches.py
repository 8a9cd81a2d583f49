"""Reports over batches; a sample of each batch is kept for a while."""

import collections

SURVIVORS = collections.deque(maxlen=300)
SAMPLE = 100


def answer(number):
    if number % 20 != 0:
        return "no report"
    rows = ["row %d of batch %d" % (row, number) for row in range(20000 + number * 150)]
    SURVIVORS.extend(rows[:: len(rows) // SAMPLE])
    return "report over %d rows" % len(rows)
