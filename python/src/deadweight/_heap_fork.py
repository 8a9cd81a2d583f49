"""Runs something in a forked child while the program goes on.

The fork is that of the C library, called without giving the GIL away. `os.fork` would run what the program and its
libraries registered with `os.register_at_fork` (exporters start threads again, loggers take locks), would destroy the
frames of all other threads in the child, which we came to see, and would warn since 3.12. The price: the state of the
GIL is as it was at that instant. If another thread was just asking for it, the child waits for ever at its first step;
so it says at once that it lives, and one that does not is ended and forked again.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_ATTEMPTS = 5
_FIRST_SIGN_SECONDS = 2.0
_DEATH_OF_PARENT = 1
_ALIVE, _DONE, _FAILED = b"a", b"d", b"f"


class ChildFailed(RuntimeError):
    """The child ended without doing what it was asked; the text says why."""


class CannotFork(RuntimeError):
    """There is no child; the text says why. The program is as it was."""


def can_fork() -> bool:
    """Linux and CPython: elsewhere a child of a program with threads may not do much (macOS), or there are none."""
    return sys.platform.startswith("linux") and sys.implementation.name == "cpython" and hasattr(os, "fork")


def run_in_child(work: Callable[[Callable[[], None]], None], most_seconds: float, leash: int | None = None) -> float:
    """Runs `work` in a child; returns how long the program stood still, in seconds. Waits without the GIL.

    `work` is given a function to call now and then: it ends the child when the time is over, the program is gone, or the
    other end of `leash` (a descriptor of a socket) is closed.
    Raises CannotFork or ChildFailed. The child is gone when this returns, however it does.
    """
    for _ in range(_ATTEMPTS):
        outcome = _attempt(work, most_seconds, leash)
        if outcome is not None:
            return outcome
    raise ChildFailed("the forked child did not come to life in %d attempts" % (_ATTEMPTS,))


def _attempt(work: Callable[[Callable[[], None]], None], most_seconds: float, leash: int | None) -> float | None:
    reading, writing = os.pipe()
    parent = os.getpid()
    libc = _c_library()
    began = time.perf_counter()
    try:
        child = _fork(libc)
    except BaseException:
        os.close(reading)
        os.close(writing)
        raise
    if child == 0:
        os.close(reading)
        _live(work, libc, writing, _Limits(parent, most_seconds, leash))
    pause = time.perf_counter() - began
    os.close(writing)
    try:
        said = _listen(reading, most_seconds)
    finally:
        os.close(reading)
        _end(child)
    if not said:
        return None
    if said[1:2] == _DONE:
        return pause
    if said[1:2] == _FAILED:
        raise ChildFailed(said[2:].decode("utf-8", "replace"))
    raise ChildFailed("the forked child was ended before it was done, by the time limit or by the system")


def _fork(libc: Any) -> int:
    """Raises CannotFork when the system has no process or no memory to give."""
    if libc is None:
        try:
            return os.fork()
        except OSError as error:
            raise CannotFork("fork failed: %s" % (error.strerror,)) from None
    child = int(libc.fork())
    if child < 0:
        import ctypes

        raise CannotFork("fork failed: %s" % (os.strerror(ctypes.get_errno()),))
    return child


def _c_library() -> Any:
    try:
        import ctypes

        return ctypes.PyDLL(None, use_errno=True)
    except Exception:
        return None


class _Limits:
    """What ends the child before it is done."""

    def __init__(self, parent: int, most_seconds: float, leash: int | None) -> None:
        self._parent = parent
        self._deadline = time.monotonic() + most_seconds
        self._leash = leash

    def breathe(self) -> None:
        if os.getppid() != self._parent or time.monotonic() > self._deadline or is_loose(self._leash):
            os._exit(0)


def is_loose(leash: int | None) -> bool:
    """True when the other end of a socket is closed: whoever held it is gone."""
    if leash is None:
        return False
    poll = select.poll()
    poll.register(leash, select.POLLIN)
    return bool(poll.poll(0))


def _live(work: Any, libc: Any, writing: int, limits: _Limits) -> None:
    """The child's whole life. It never returns into the program, and always ends with 0: gunicorn reads other codes."""
    try:
        os.write(writing, _ALIVE)
        sys.settrace(None)
        sys.setprofile(None)
        gc.disable()
        _step_back(libc)
        limits.breathe()
        work(limits.breathe)
        os.write(writing, _DONE)
    except BaseException as error:
        try:
            os.write(writing, _FAILED + ("%s: %s" % (type(error).__name__, error)).encode("utf-8", "replace")[:2000])
        except BaseException:
            pass
    finally:
        os._exit(0)


def _step_back(libc: Any) -> None:
    """Signals of the program are none of the child's business, its processor time and memory come after the program's."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    if libc is not None:
        libc.prctl(_DEATH_OF_PARENT, int(signal.SIGKILL), 0, 0, 0)
    os.nice(5)
    try:
        file = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(file, b"1000")
        os.close(file)
    except OSError:
        pass


def _listen(reading: int, most_seconds: float) -> bytes:
    """What the child says until it ends; b"" when it never came to life."""
    said = b""
    deadline = time.monotonic() + _FIRST_SIGN_SECONDS
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            return said
        received = os.read(reading, 4096)
        if not received:
            return said
        if not said:
            deadline = time.monotonic() + most_seconds + 1
        said += received


def _end(child: int) -> None:
    """Ends the child if it is still there, and takes it off the list of processes."""
    try:
        if os.waitpid(child, os.WNOHANG)[0] == child:
            return
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except OSError:
        # The program has taken it off the list itself.
        return
