"""What the thread knows of the job that it does."""

import threading

LOCAL = threading.local()


def begin(job):
    if not hasattr(LOCAL, "history"):
        LOCAL.history = []
    LOCAL.history.append(job)  # leak: here


def end():
    """The job is done."""
