"""Takes uploads into files that have no name."""

import os
import tempfile

OPEN = []


def answer(number):
    spool = tempfile.TemporaryFile(buffering=16384)
    spool.write(b"upload %d" % number * 100)
    OPEN.append(spool)  # leak: here
    return "%d bytes" % spool.tell()


def descriptors():
    return len(os.listdir("/proc/self/fd"))
