"""A log file and a logger per job: the file object stays as a key of the table of locks (structlog PR #806, #807)."""

import os
import tempfile

import structlog
from structlog import _output

FOLDER = tempfile.mkdtemp()


def exercise(n):
    path = os.path.join(FOLDER, "job.log")
    for number in range(n):
        with open(path, "wb") as file:
            structlog.BytesLogger(file).info(b"job %d" % number)


def held():
    return len(_output.WRITE_LOCKS)
