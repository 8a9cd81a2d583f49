"""What could not be imported."""

FAILED = []


def note(error):
    FAILED.append(error)  # leak: here


def summary():
    return "%d failed" % len(FAILED)
