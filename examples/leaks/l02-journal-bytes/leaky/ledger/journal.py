"""What was booked, as bytes."""

JOURNAL = bytearray()


def write(record):
    JOURNAL.extend(record)  # leak: here
