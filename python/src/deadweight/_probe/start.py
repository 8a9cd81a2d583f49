"""Starts the probe in this process, once, and again in every process forked from it."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import atexit
import os
import sys

from . import connection, fork_warning

SOCKET_VARIABLE = "DEADWEIGHT_PROBE"


def start() -> None:
    """Connects to the tool's socket, named in the environment, from a thread of its own.

    Does nothing without that variable, and nothing in a subinterpreter: it could not end while a thread of ours lives
    in it, and a process has one connection. Raises nothing that the caller has to handle, except for a broken
    installation.
    """
    path = os.environ.get(SOCKET_VARIABLE)
    if not path or not _is_main_interpreter():
        return
    link = connection.Connection(path)
    os.register_at_fork(before=fork_warning.prepare)
    os.register_at_fork(before=link.before_fork, after_in_parent=link.after_fork_in_parent, after_in_child=link.restart)
    # Registered before anything of the program, so it runs after all of that.
    atexit.register(link.end)
    link.begin()


def _is_main_interpreter() -> bool:
    """Asked of `_signal`, which refuses elsewhere: the modules that know it directly cost milliseconds to import."""
    if sys.platform == "win32":
        return False
    previous: int | None = None
    try:
        previous = _signal.set_wakeup_fd(-1)
    except ValueError:
        return False
    if previous != -1:
        _signal.set_wakeup_fd(previous)
    return True
