"""A client per request without a logger: each adds a handler to one shared logger (paddle-python-sdk #144)."""

import logging

from paddle_billing import Client


def exercise(n):
    for _ in range(n):
        Client("key")


def held():
    return len(logging.getLogger("null_logger").handlers)
