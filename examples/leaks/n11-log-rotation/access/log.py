"""Writes a log of what was asked, in files that are rotated."""

import logging
import logging.handlers
import os
import tempfile

FOLDER = tempfile.TemporaryDirectory(prefix="deadweight-access-")
LOG = logging.getLogger("access")
LOG.propagate = False
LOG.setLevel(logging.INFO)
LOG.addHandler(
    logging.handlers.RotatingFileHandler(os.path.join(FOLDER.name, "access.log"), maxBytes=400000, backupCount=2)
)


def answer(number):
    LOG.info("request %d: %s", number, "header " * 400)
    return "logged %d" % number
