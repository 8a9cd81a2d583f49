"""The log of one request, to be shown with its answer."""

import io
import logging

LOG = logging.getLogger("desk")
LOG.propagate = False
LOG.setLevel(logging.INFO)


def open_log(number):
    handler = logging.StreamHandler(io.StringIO("header of request %d\n" % number * 100))
    handler.setLevel(logging.ERROR)
    LOG.addHandler(handler)  # leak: here
    return handler


def close_log(handler):
    handler.flush()
