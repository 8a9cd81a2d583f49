"""A decorated function: each call makes a logger of its own name (github/annotated-logger PR #83)."""

import logging

from annotated_logger import AnnotatedLogger

LOG = AnnotatedLogger(name="shop", config=False)


@LOG.annotate_logs()
def handle(number):
    return number + 1


def exercise(n):
    for number in range(n):
        handle(number)


def held():
    return len(logging.root.manager.loggerDict)
