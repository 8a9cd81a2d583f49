"""Who this process is: what the probe says first."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The tool refuses any other number: answers of two versions would be mixed up.
PROTOCOL = 1

_MOST_ARGUMENTS = 64
_LONGEST_ARGUMENT = 512


def hello(socket_fd: int) -> dict[str, Any]:
    """The first line of a connection; docs/probe-protocol.md describes each field."""
    return {
        "hello": PROTOCOL,
        "pid": os.getpid(),
        "ppid": os.getppid(),
        "startTicks": start_ticks(),
        "socketFd": socket_fd,
        "socketInode": os.fstat(socket_fd).st_ino,
        "python": "%d.%d.%d" % sys.version_info[:3],
        "implementation": sys.implementation.name,
        "executable": sys.executable or "",
        "argv": arguments(),
    }


def start_ticks() -> int | None:
    """Clock ticks from boot to the start of this process: with the pid they name it for good. None without /proc."""
    stat = _read("/proc/self/stat")
    try:
        return int(stat[stat.rindex(b")") + 2 :].split()[19])
    except (ValueError, IndexError):
        return None


def arguments() -> list[str]:
    """The command line as it was given; sys.argv is not there yet when the probe starts."""
    words = [word.decode("utf-8", "replace") for word in _read("/proc/self/cmdline").split(b"\0")[:-1]]
    if not words:
        words = list(getattr(sys, "orig_argv", None) or getattr(sys, "argv", None) or [])
    return [word[:_LONGEST_ARGUMENT] for word in words[:_MOST_ARGUMENTS]]


def _read(path: str) -> bytes:
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return b""
    try:
        return os.read(file, 65536)
    finally:
        os.close(file)
