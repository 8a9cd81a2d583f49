"""Answers requests of tenants."""

import logging


def answer(number):
    log = logging.getLogger("tenants.request-%d" % number)  # leak: here
    log.context = ["header %d of request %d" % (header, number) for header in range(50)]
    log.debug("asked")
    return "answered %d" % number
