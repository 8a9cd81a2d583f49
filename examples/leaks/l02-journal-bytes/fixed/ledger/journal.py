"""What was booked, as bytes, written out when there is enough of it."""

import os
import threading

JOURNAL = bytearray()
ENOUGH_BYTES = 256 * 1024
OUT = os.open(os.devnull, os.O_WRONLY)
# A bytearray cannot grow while it is being written out by another thread.
LOCK = threading.Lock()


def write(record):
    with LOCK:
        JOURNAL.extend(record)
        if len(JOURNAL) >= ENOUGH_BYTES:
            os.write(OUT, JOURNAL)
            JOURNAL.clear()
