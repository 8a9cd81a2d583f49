"""How much could not be imported, and why the last of it."""

FAILED = []
MOST_FAILURES = 20


def note(error):
    FAILED.append(str(error))
    del FAILED[:-MOST_FAILURES]


def summary():
    return "%d failed" % len(FAILED)
