"""Starts the probe in this process, once, and again in every process forked from it."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import atexit
import os
import sys

from . import connection, fork_warning
from .fork_hooks import ForkHooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

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
    begin(path)


def begin(path: str, leave_when_alone: bool = False) -> connection.Connection:
    """Connects, and again in every process forked from this one.

    `leave_when_alone`: without a tool the probe leaves the process.
    """
    link = connection.Connection(path)
    hooks = ForkHooks([fork_warning.prepare, link.before_fork], link.after_fork_in_parent, link.restart)
    link.is_guest = leave_when_alone
    link.leave = _leaver(link, hooks)
    # For a tool that comes later and finds us here.
    sys.modules[__package__].link = link  # type: ignore[attr-defined]
    os.register_at_fork(before=hooks.before, after_in_parent=hooks.in_parent, after_in_child=hooks.in_child)
    # Registered before anything of the program, so it runs after all of that.
    atexit.register(link.end)
    link.begin()
    return link


def _leaver(link: connection.Connection, hooks: ForkHooks) -> Callable[[], None]:
    def leave_now() -> None:
        from .leave import leave

        leave(link, hooks)

    return leave_now


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
