"""Makes a sleeping copy of this process, to be read from outside while the program goes on. Linux, CPython.

The copy is made by the system call itself and sleeps in the kernel until it ends: it runs no Python, touches no page, and no
at-fork hook of the program or of the C library runs. It has no exit signal, so the program hears nothing of it (no SIGCHLD,
and no `waitpid(-1)` that finds it). It closes every descriptor at once: a connection that the program closes is closed.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from . import _heap_room as room

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Waits for children without an exit signal, too. <linux/wait.h>
_WALL = 0x40000000
_PROT_ALL, _MAP_PRIVATE_ANONYMOUS, _PAGE = 7, 0x22, 4096
#: Where in the page the struct pollfd is.
_POLL_AT = 1024

#: long make(struct pollfd *leash, long milliseconds): the child's id, or minus an error number. x86-64, for any address.
_CODE = bytes.fromhex(
    "534154" "4889fb" "4989f4"  # push rbx, r12; rbx = leash; r12 = milliseconds
    "31ff31f631d24d31d24d31c0" "b8380000000f05"  # clone(0, 0, 0, 0, 0): a copy without an exit signal
    "4885c0" "7546"  # in the parent: to the end
    "31ff8b3383ee017809" "31d2b8b40100000f05"  # close_range(0, leash->fd - 1)
    "8b3b83c701beffffffff" "31d2b8b40100000f05"  # close_range(leash->fd + 1, all)
    "4889dfbe010000004c89e2b8070000000f05"  # poll(leash, 1, milliseconds)
    "4883f8fc" "74e8"  # interrupted: wait again
    "31ff" "b8e70000000f05"  # exit_group(0)
    "415c" "5b" "c3"  # pop r12, rbx; return
)


def make(leash_path: str, most_seconds: float) -> str:
    """Answers "PID MILLISECONDS": the copy, and how long this process stood still for it.

    The copy ends when the other end of the socket at `leash_path` is closed, or after `most_seconds`. Raises
    SnapshotRefused, OSError.
    """
    if is_threadless(sys.modules):
        raise room.SnapshotRefused(
            "this uWSGI worker runs without threads, so nobody could clear the copy away: start it with --enable-threads,"
            " or take the snapshot without --fork"
        )
    room.check(room.anonymous_bytes())
    import _socket
    import _thread

    leash = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        leash.settimeout(5)
        leash.connect(leash_path)
        call = _prepare(leash.fileno(), int(most_seconds * 1000))
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            began = time.perf_counter()
            child = call()
            pause = time.perf_counter() - began
            if child > 0:
                _thread.start_new_thread(_reap, (child, _WALL, os.waitpid, OSError))
        except RuntimeError:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, _WALL)
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    finally:
        leash.close()
    if child < 0:
        raise OSError(-child, "the system did not make a copy of the process: %s" % (os.strerror(-child),))
    return "%d %.3f" % (child, pause * 1000)


def is_threadless(modules: Any) -> bool:
    """uWSGI without threads never gives the GIL to a thread."""
    options: Any = getattr(modules.get("uwsgi"), "opt", None)
    return type(options) is dict and not {"enable-threads", "threads"} & set(map(_text, options))


def _text(option: Any) -> str:
    return option.decode("utf-8", "replace") if type(option) is bytes else str(option)


def _reap(child: int, options: int, wait: Any, failure: type[Exception]) -> None:
    """All it needs is given to it: this module may be gone by then."""
    try:
        wait(child, options)
    except failure:
        # The program waits for children of every kind, and was quicker.
        return


def _prepare(leash: int, most_ms: int) -> Any:
    """Everything that may fail or take time, before the copy is made. Returns what makes it.

    No type is made for the call: ctypes would keep it for good.
    """
    import ctypes
    import mmap

    if os.uname().machine != "x86_64":
        raise room.SnapshotRefused("a sleeping copy is made on x86-64 only: take the snapshot without --fork")
    try:
        page = mmap.mmap(-1, _PAGE, flags=_MAP_PRIVATE_ANONYMOUS, prot=_PROT_ALL)
    except OSError as error:
        raise room.SnapshotRefused(
            "the system does not allow this process a page of code (%s): take the snapshot without --fork"
            % (error.strerror,)
        ) from None
    page[: len(_CODE)] = _CODE
    # struct pollfd: POLLIN and POLLRDHUP. The other end says nothing, so anything there is its end.
    page[_POLL_AT : _POLL_AT + 8] = leash.to_bytes(4, "little") + (0x2001).to_bytes(4, "little")
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    make_copy = ctypes.pythonapi._FuncPtr(address)
    make_copy.restype = ctypes.c_long
    pointer, limit = ctypes.c_long(address + _POLL_AT), ctypes.c_long(most_ms)
    return lambda _kept=page: make_copy(pointer, limit)
