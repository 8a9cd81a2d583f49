"""A snapshot of this process's heap, taken from inside: where it cannot be read from outside."""

from __future__ import annotations

import gc
import os
import sys
import time

from . import _heap_fork as forking
from . import _heap_room as room
from ._heap_roots import Roots
from ._heap_stream import Stream
from ._heap_stream import end as end_stream
from ._heap_walk import Walk, all_objects
from ._probe import collector, identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

#: A child that takes longer is ended; about 3 s per million objects is usual.
MOST_SECONDS = 1800.0
#: No other thread takes the GIL for as long while the heap is read in the process itself.
_UNDISTURBED_SECONDS = 1e6
_HAS_GENERATIONS = sys.implementation.name == "cpython"


def snapshot(path: str, values: bool = False, fork: bool | None = None) -> None:
    """Writes this process's heap to `path`, to be read with `deadweight top`, `why`, `diff` or `diagnose`.

    On Linux a forked child does the writing while the program goes on; elsewhere, and with `fork=False`, the program stands
    still meanwhile, about two seconds per million objects. Strings are kept as far as they are names; all of them with
    `values`. Raises RuntimeError when there is too little memory or the child fails, OSError when the file cannot be
    written. Nothing is left behind then.
    """
    write_snapshot(os.fspath(path), values, fork)


def write_snapshot(
    path: str, values: bool = False, fork: bool | None = None, leash: int | None = None
) -> dict[str, Any]:
    """Writes the heap to `path`. `fork`: True or False insists; None takes a child where that is possible.

    `leash`: a socket's descriptor; when its other end is closed, nobody wants the snapshot any more.

    Returns how it was done. The file appears whole or not at all, for its owner only. Raises SnapshotRefused,
    forking.CannotFork, forking.ChildFailed, OSError.
    """
    wants_child = forking.can_fork() if fork is None else fork
    if wants_child and not forking.can_fork():
        raise room.SnapshotRefused("on this system a snapshot cannot be taken in a forked child: leave fork=True out")
    partial = "%s.%d.partial" % (path, os.getpid())
    file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        how = _in_child(file, values, leash) if wants_child else _in_process(file, values)
        end_stream(file, **how)
        os.replace(partial, path)
    except BaseException:
        os.unlink(partial)
        raise
    finally:
        os.close(file)
    return how


def _in_child(file: int, values: bool, leash: int | None) -> dict[str, Any]:
    room.check(room.needed_by_child())
    facts = _facts(values)

    def work(breathe: Callable[[], None]) -> None:
        _write(file, breathe, facts, may_make_dicts=True)

    began = time.perf_counter()
    pause = forking.run_in_child(work, MOST_SECONDS, leash)
    return {"forked": True, "pauseMs": pause * 1000, "seconds": time.perf_counter() - began}


def _in_process(file: int, values: bool) -> dict[str, Any]:
    """The program stands still meanwhile: no other thread runs, and no collection."""
    room.check(room.needed_in_process(len(gc.get_objects())))
    facts = _facts(values)
    was_enabled, interval = gc.isenabled(), _interval()
    began = time.perf_counter()
    gc.disable()
    _set_interval(_UNDISTURBED_SECONDS)
    try:
        _write(file, lambda: None, facts, may_make_dicts=False)
    finally:
        _set_interval(interval)
        if was_enabled:
            gc.enable()
    seconds = time.perf_counter() - began
    return {"forked": False, "pauseMs": seconds * 1000, "seconds": seconds}


def _write(file: int, breathe: Callable[[], None], facts: dict[str, Any], may_make_dicts: bool) -> None:
    by_generation = [len(gc.get_objects(generation)) for generation in range(3)] if _HAS_GENERATIONS else []
    objects = all_objects() if may_make_dicts else gc.get_objects()
    tracked = len(objects)
    stream = Stream(file, breathe)
    walk = Walk(stream, may_make_dicts, facts["values"])
    roots = Roots(stream, walk, may_make_dicts)
    try:
        roots.write()
        walk.walk(objects)
        roots.static_types()
    finally:
        roots.forget()
    stream.finish(
        **facts,
        tracked=tracked,
        generations=by_generation,
        frozen=0 if may_make_dicts else facts["collector"]["frozen"],
        countedByUs=walk.counted_by_us,
        threads=roots.threads,
    )


def _facts(values: bool) -> dict[str, Any]:
    """What is said of the process; asked before the fork, as the child is another one."""
    return {
        "takenAtMs": int(time.time() * 1000),
        "pid": os.getpid(),
        "startTicks": identity.start_ticks(),
        "command": identity.arguments(),
        "executable": sys.executable or "",
        "python": "%d.%d.%d" % sys.version_info[:3],
        "implementation": sys.implementation.name,
        "values": values,
        "residentBytes": room.resident_bytes() or None,
        "collector": collector.statistics(),
    }


def _interval() -> float:
    return sys.getswitchinterval() if hasattr(sys, "getswitchinterval") else 0.005


def _set_interval(seconds: float) -> None:
    if hasattr(sys, "setswitchinterval"):
        sys.setswitchinterval(seconds)
