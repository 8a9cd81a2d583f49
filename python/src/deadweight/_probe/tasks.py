"""The requests that the probe understands, and what it has switched on for the tool.

Everything here runs in the probe's thread. What is switched on is switched off when the connection ends.
"""

from __future__ import annotations

import os
import sys

from . import allocations, caches, collector, gained, identity, names, sizes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class Tasks:
    """State of one connection: a window of tracing and a record of collections, if the tool asked for them."""

    def __init__(self) -> None:
        self._events: collector.Events | None = None
        self._window: allocations.Window | None = None
        self._lines: Any = None
        self._verbs: dict[str, Callable[[dict[str, Any], Any], Any]] = {
            "ping": self._ping,
            "stats": self._stats,
            "caches": self._caches,
            "sizeof": self._sizeof,
            "gc-events": self._gc_events,
            "gc-stop": self._gc_stop,
            "gc-collect": self._gc_collect,
            "lines-start": self._lines_start,
            "lines-stop": self._lines_stop,
            "trace-start": self._trace_start,
            "trace-look": self._trace_look,
            "trace-top": self._trace_top,
            "trace-holder": self._trace_holder,
            "trace-stop": self._trace_stop,
        }

    def do(self, request: dict[str, Any], connection: Any) -> Any:
        """The answer's value. Raises with a sentence when it cannot be done."""
        verb = request.get("do")
        action = self._verbs.get(verb) if type(verb) is str else None
        if action is None:
            raise ValueError("there is no request %r; this probe knows %s" % (verb, ", ".join(sorted(self._verbs))))
        return action(request, connection)

    def tend(self) -> float | None:
        """Looks after what has a limit. Seconds until it has to be called again; None: not before the next request."""
        return None if self._window is None else self._window.tend()

    def end(self) -> None:
        """The tool is gone: nothing of ours may go on."""
        if self._events is not None:
            self._events.stop()
        if self._window is not None:
            self._window.discard()
        if self._lines is not None:
            self._lines.stop()
        self._events = self._window = self._lines = None

    def forget(self) -> None:
        """In a forked child, which inherited what was switched on for its parent."""
        self.end()

    def _ping(self, _request: dict[str, Any], _connection: Any) -> Any:
        return {"pid": os.getpid(), "startTicks": identity.start_ticks()}

    def _stats(self, _request: dict[str, Any], connection: Any) -> Any:
        return {
            "collector": collector.statistics(),
            "threads": len(sys._current_frames()) - 1,
            "allocatedBlocks": sys.getallocatedblocks() if hasattr(sys, "getallocatedblocks") else None,
            "tracing": allocations.is_tracing(),
            "answersDropped": connection.answers_dropped,
            "faults": connection.faults,
        }

    def _caches(self, request: dict[str, Any], _connection: Any) -> Any:
        return caches.find(limit=_count(request, "limit", 1000))

    def _sizeof(self, request: dict[str, Any], _connection: Any) -> Any:
        path = request.get("path")
        if type(path) is not str:
            raise ValueError("sizeof needs a path, as package.module.NAME.attribute")
        return sizes.measure(names.resolve(path), most_objects=_count(request, "mostObjects", sizes.MOST_OBJECTS))

    def _gc_events(self, _request: dict[str, Any], _connection: Any) -> Any:
        if self._events is None:
            self._events = collector.Events()
            self._events.start()
        return self._events.take()

    def _gc_stop(self, _request: dict[str, Any], _connection: Any) -> Any:
        if self._events is not None:
            self._events.stop()
        self._events = None
        return {}

    def _gc_collect(self, _request: dict[str, Any], _connection: Any) -> Any:
        return collector.collect()

    def _lines_start(self, request: dict[str, Any], _connection: Any) -> Any:
        package: Any = sys.modules.get("_deadweight_lines")
        if package is None:
            raise ValueError("what watches lines was not loaded")
        if self._lines is not None:
            raise ValueError("lines are watched already: stop that first")
        patterns = [str(request.get(name, "")).split("\n") for name in ("functions", "modules")]
        chosen = [[each for each in patterns_of_kind if each] for patterns_of_kind in patterns]
        self._lines = package._lines_session.LinesSession(package._lines_choice.parse_choice(*chosen))
        # A trace function is a thread's own: the tool has the main thread set it.
        package.session = self._lines
        is_everywhere = hasattr(sys, "monitoring")
        if is_everywhere:
            self._lines.start()
        return {"isEverywhere": is_everywhere}

    def _lines_stop(self, request: dict[str, Any], _connection: Any) -> Any:
        if self._lines is None:
            raise ValueError("no lines are watched: ask for lines-start first")
        session, self._lines = self._lines, None
        session.stop()
        report: Any = sys.modules["_deadweight_lines._lines_report"]
        return report.lines_report(session, str(request.get("script", "")))

    def _trace_start(self, request: dict[str, Any], _connection: Any) -> Any:
        if self._window is not None:
            raise ValueError("a window is open already: stop it first")
        self._window = allocations.Window(
            frames=_count(request, "frames", 1),
            most_traces=_count(request, "mostTraces", allocations.MOST_TRACES),
            most_seconds=_count(request, "mostSeconds", 60),
        )
        return {"frames": self._window.frames, "mostTraces": self._window.most_traces}

    def _trace_look(self, _request: dict[str, Any], _connection: Any) -> Any:
        return self._open_window().look()

    def _trace_holder(self, request: dict[str, Any], _connection: Any) -> Any:
        path = request.get("path")
        if type(path) is not str:
            raise ValueError("trace-holder needs a path, as package.module.NAME.attribute")
        self._open_window()
        return gained.lines_of(
            names.resolve(path),
            most_objects=_count(request, "mostObjects", gained.MOST_OBJECTS),
            limit=_count(request, "limit", 100),
        )

    def _trace_top(self, request: dict[str, Any], _connection: Any) -> Any:
        return self._open_window().top(_count(request, "limit", 100))

    def _trace_stop(self, request: dict[str, Any], _connection: Any) -> Any:
        window = self._open_window()
        window.stop()
        self._window = None
        return window.top(_count(request, "limit", 100))

    def _open_window(self) -> allocations.Window:
        if self._window is None:
            raise ValueError("no window is open: ask for trace-start first")
        return self._window


def _count(request: dict[str, Any], name: str, default: int) -> int:
    value = request.get(name, default)
    if type(value) is not int or value < 1:
        raise ValueError("%s must be a whole number from 1" % (name,))
    return value
