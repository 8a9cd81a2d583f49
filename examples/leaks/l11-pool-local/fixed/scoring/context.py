"""What the thread knows of the job that it does."""

import threading

LOCAL = threading.local()


def begin(job):
    LOCAL.history = [job]


def end():
    del LOCAL.history
