"""Threads that nobody joins: the lock of each stays in a set of threading (cpython #81969, bpo-37788)."""

import threading
import time


def work():
    pass


def exercise(n):
    for _ in range(n):
        threading.Thread(target=work).start()
    time.sleep(0.05)


def held():
    return len(threading._shutdown_locks)
