"""Answers requests of tenants."""

import logging

LOG = logging.getLogger("tenants")


def answer(number):
    context = ["header %d of request %d" % (header, number) for header in range(50)]
    LOG.debug("asked by %d with %s", number, context)
    return "answered %d" % number
