"""One short thread per request sets a Local: a dead weak reference stays for each (django/asgiref PR #158)."""

import threading

from asgiref.local import Local

REQUEST = Local()


def handle(number):
    REQUEST.user = number


def exercise(n):
    for number in range(n):
        thread = threading.Thread(target=handle, args=(number,))
        thread.start()
        thread.join()


def held():
    return len(REQUEST._context_refs)
