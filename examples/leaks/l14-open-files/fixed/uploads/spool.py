"""Takes uploads into files that have no name."""

import os
import tempfile


def answer(number):
    with tempfile.TemporaryFile(buffering=16384) as spool:
        spool.write(b"upload %d" % number * 100)
        return "%d bytes" % spool.tell()


def descriptors():
    return len(os.listdir("/proc/self/fd"))
