"""Allocation lines in a window: tracemalloc, switched on for a while and bounded.

Slows allocation down three to nine times while it is on, and costs nothing when it is off. Stopping frees all traces at
once with the GIL held, so a window ends by itself before there are too many of them.
"""

from __future__ import annotations

import _tracemalloc
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

    Frames = Tuple[Tuple[str, int], ...]

#: Stopping with this many takes a few hundredths of a second.
MOST_TRACES = 200_000
_MOST_FRAMES = 64
_LOOK_EVERY_SECONDS = 0.02
#: What tracemalloc itself needs per trace at least; an estimate, not measured.
_LEAST_BYTES_PER_TRACE = 48
_OWN_FOLDER = __file__[: -len("allocations.py")]


def is_tracing() -> bool:
    return bool(_tracemalloc.is_tracing())


class Window:
    """Traces from its making until `stop`, its time limit or its budget, whichever comes first."""

    def __init__(self, frames: int, most_traces: int, most_seconds: int) -> None:
        """Raises ValueError when the program traces allocations itself: its tracing is not ours to change."""
        if is_tracing():
            raise ValueError("the program traces its allocations itself (tracemalloc); stop that first")
        self.frames = min(frames, _MOST_FRAMES)
        self.most_traces = most_traces
        self._most_seconds = most_seconds
        self._ended: str | None = None
        self._seconds = 0.0
        self._peak = 0
        self._count_ms = 0.0
        self._stop_ms = 0.0
        self._table: dict[Frames, tuple[int, int]] = {}
        self._own_bytes = _tracemalloc.get_tracemalloc_memory()
        self._began = time.monotonic()
        _tracemalloc.start(self.frames)

    def tend(self) -> float | None:
        """Ends the window when it has to end. Seconds until the next look."""
        if self._ended is not None:
            return None
        if time.monotonic() - self._began >= self._most_seconds:
            self._end("time")
        elif (_tracemalloc.get_tracemalloc_memory() - self._own_bytes) >= self.most_traces * _LEAST_BYTES_PER_TRACE:
            self._end("budget")
        return None if self._ended is not None else _LOOK_EVERY_SECONDS

    def stop(self) -> None:
        if self._ended is None:
            self._end("asked")

    def look(self) -> dict[str, Any]:
        """How far it is, without looking at a trace: microseconds."""
        is_open = self._ended is None and is_tracing()
        return {
            "bytes": _tracemalloc.get_traced_memory()[0] if is_open else 0,
            "seconds": time.monotonic() - self._began if is_open else self._seconds,
            "ended": self._ended,
        }

    def discard(self) -> None:
        """Ends the window without looking at it: nobody will ask."""
        if self._ended is None and is_tracing():
            _tracemalloc.stop()
        self._ended = self._ended or "asked"

    def top(self, limit: int) -> dict[str, Any]:
        """The places that allocated most of what is still alive, in bytes; what `limit` leaves out is summed."""
        if self._ended is None:
            self._count()
        rows = sorted(self._table.items(), key=lambda row: -row[1][1])
        rest = rows[limit:]
        return {
            "rows": [
                {"stack": [{"file": file, "line": line} for file, line in stack], "blocks": blocks, "bytes": size}
                for stack, (blocks, size) in rows[:limit]
            ],
            "rest": {
                "rows": len(rest),
                "blocks": sum(row[1][0] for row in rest),
                "bytes": sum(row[1][1] for row in rest),
            },
            "traces": sum(blocks for blocks, _ in self._table.values()),
            "peakBytes": self._peak,
            "seconds": self._seconds,
            "frames": self.frames,
            "ended": self._ended,
            "countMs": self._count_ms,
            "stopMs": self._stop_ms,
        }

    def _end(self, why: str) -> None:
        self._ended = why
        if not is_tracing():
            # The program stopped it: then its traces are gone as well.
            self._ended = "program"
            return
        self._count()
        began = time.perf_counter()
        _tracemalloc.stop()
        self._stop_ms = (time.perf_counter() - began) * 1000

    def _count(self) -> None:
        """Sums the live traces by stack, most recent call first."""
        if not is_tracing():
            return
        self._seconds = time.monotonic() - self._began
        self._peak = _tracemalloc.get_traced_memory()[1]
        began = time.perf_counter()
        traces: Any = _tracemalloc._get_traces()
        # The part with the GIL in one piece; the sums below let others run.
        self._count_ms = (time.perf_counter() - began) * 1000
        table: dict[Frames, tuple[int, int]] = {}
        for trace in traces:
            if trace[2][0][0].startswith(_OWN_FOLDER):
                continue
            blocks, size = table.get(trace[2], (0, 0))
            table[trace[2]] = (blocks + 1, size + trace[1])
        self._table = table
