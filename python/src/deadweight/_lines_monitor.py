"""The engine of CPython 3.12 and later: sys.monitoring, where a line that was seen often enough gives no more events.

Each line is watched exactly for its first `FIRST` runs. Then it is left alone, and all lines are armed again for a few
runs each `PERIOD_SECONDS`, or at once when a line comes by that is still watched (`restart_events` costs 1 us).
"""

import os
import sys
import threading
import time
from types import CodeType, FrameType
from typing import Any, Callable, Dict, Optional

from ._lines_activation import Activation, Running
from ._lines_memory import MemoryReader
from ._lines_record import FunctionRecord

FIRST = 1000
#: Runs of a line after it is armed again, and after growth was found that no line was seen to make.
BURST = 2
SEARCHING_BURST = 256
#: Calls that are measured after all lines are armed again.
CALL_BURST = 32
PERIOD_SECONDS = 0.01
LEAST_SECONDS_BETWEEN = 0.002
_EVENTS = ("PY_START", "PY_RESUME", "PY_THROW", "PY_RETURN", "PY_YIELD", "PY_UNWIND", "LINE")

#: Says which record a code object gets when it first runs; None when it was not chosen.
Choose = Callable[[CodeType, Dict[str, Any]], Optional[FunctionRecord]]


class MonitorEngine:
    """Line memory through sys.monitoring, from `start` to `stop`."""

    method = "sys.monitoring"

    def __init__(self, reader: MemoryReader, choose: Optional[Choose]) -> None:
        self._read = reader.read
        self._choose = choose
        self._records: Dict[CodeType, FunctionRecord] = {}
        self._running = Running()
        self._monitoring: Any = sys.monitoring  # type: ignore[attr-defined]
        self._tool = -1
        self._armed_at = 0.0
        self._stopped = threading.Event()

    def start(self) -> None:
        """Takes a free tool number. Raises RuntimeError when other tools have them all."""
        monitoring = self._monitoring
        free = [number for number in (3, 4, 2) if monitoring.get_tool(number) is None]
        if not free:
            raise RuntimeError("all tool numbers of sys.monitoring are taken by other tools")
        self._tool = free[0]
        monitoring.use_tool_id(self._tool, "deadweight lines")
        events = monitoring.events
        for event, callback in (
            (events.PY_START, self._on_start),
            (events.PY_RESUME, self._on_resume),
            (events.PY_THROW, self._on_throw),
            (events.PY_RETURN, self._on_return),
            (events.PY_YIELD, self._on_yield),
            (events.PY_UNWIND, self._on_unwind),
            (events.LINE, self._on_line),
        ):
            monitoring.register_callback(self._tool, event, callback)
        # PY_UNWIND and PY_THROW exist for the whole interpreter only.
        everywhere = events.PY_UNWIND | events.PY_THROW
        monitoring.set_events(self._tool, everywhere | (events.PY_START if self._choose is not None else 0))
        self._start_clock()
        os.register_at_fork(after_in_child=self._go_on_in_child)

    def stop(self) -> None:
        """Gives the tool number back."""
        self._stopped.set()
        if self._tool < 0:
            return
        monitoring = self._monitoring
        monitoring.set_events(self._tool, 0)
        for code in self._records:
            monitoring.set_local_events(self._tool, code, 0)
        for event in _EVENTS:
            monitoring.register_callback(self._tool, getattr(monitoring.events, event), None)
        monitoring.free_tool_id(self._tool)
        self._tool = -1

    def watch(self, record: FunctionRecord) -> None:
        """From now on this function's lines are watched."""
        events = self._monitoring.events
        self._records[record.code] = record
        wanted = events.LINE | events.PY_START | events.PY_RESUME | events.PY_RETURN | events.PY_YIELD
        self._monitoring.set_local_events(self._tool, record.code, wanted)

    def _start_clock(self) -> None:
        threading.Thread(target=self._arm_again_and_again, name="deadweight-lines", daemon=True).start()

    def _go_on_in_child(self) -> None:
        if not self._stopped.is_set():
            # The old one's lock may have been held when the process forked.
            self._stopped = threading.Event()
            self._start_clock()

    def _arm_again_and_again(self) -> None:
        while not self._stopped.wait(PERIOD_SECONDS):
            if any(record.unwatched or record.left <= 0 for record in list(self._records.values())):
                self._arm()

    def _arm(self) -> None:
        self._armed_at = time.monotonic()
        for record in list(self._records.values()):
            quota = record.burst or BURST
            record.burst = 0
            record.left = max(record.left, CALL_BURST)
            if record.unwatched:
                record.unwatched_before = record.unwatched
                record.unwatched = set()
                for line in record.unwatched_before:
                    line.left = quota
        self._monitoring.restart_events()

    def _on_start(self, code: CodeType, _offset: int) -> object:
        record = self._records.get(code)
        if record is None:
            record = self._choose(code, sys._getframe(1).f_globals) if self._choose is not None else None
            if record is None:
                return self._monitoring.DISABLE
            self.watch(record)
        record.calls += 1
        record.left -= 1
        now = None
        if record.left >= 0:
            record.measured_calls += 1
            now = self._read()
            if record.start is None:
                record.start = now
        self._running.push(Activation(record, None, now))
        return None

    def _on_resume(self, code: CodeType, _offset: int) -> None:
        record = self._records.get(code)
        if record is not None:
            self._resume(record, sys._getframe(1))

    def _on_throw(self, code: CodeType, _offset: int, _error: BaseException) -> None:
        record = self._records.get(code)
        if record is not None:
            self._resume(record, sys._getframe(1))

    def _resume(self, record: FunctionRecord, frame: FrameType) -> None:
        """The line that was suspended goes on; what happened meanwhile is not its own."""
        now = self._read()
        if record.start is None:
            record.start = now
        self._running.push(Activation(record, record.line(frame.f_lineno), now))

    def _on_return(self, code: CodeType, _offset: int, _value: object) -> None:
        record = self._records.get(code)
        if record is not None:
            self._leave(record)

    def _on_yield(self, code: CodeType, _offset: int, _value: object) -> None:
        record = self._records.get(code)
        if record is not None:
            record.suspensions += 1
            self._leave(record)

    def _on_unwind(self, code: CodeType, _offset: int, _error: BaseException) -> None:
        record = self._records.get(code)
        if record is not None:
            record.unwound += 1
            self._leave(record)

    def _leave(self, record: FunctionRecord) -> None:
        running = self._running.stack()
        if not running or running[-1].record is not record:
            return
        activation = running[-1]
        now = None
        if activation.memory is not None:
            now = self._read()
            self._close(activation, now)
        self._running.pop(activation, now)

    def _on_line(self, code: CodeType, number: int) -> object:
        record = self._records.get(code)
        running = self._running.stack()
        if record is None or not running or running[-1].record is not record:
            return None
        activation = running[-1]
        line = record.line(number)
        line.occurrences += 1
        line.left -= 1
        if activation.memory is not None:
            now = self._read()
            self._close(activation, now)
            activation.line = line
            activation.memory = now
            if record.unwatched and line.left > 0 and time.monotonic() - self._armed_at > LEAST_SECONDS_BETWEEN:
                # A rare line among unwatched ones: its end must be seen, too.
                self._arm()
        if line.left <= 0:
            line.is_least = True
            if not record.unwatched:
                record.stamp += 1
            record.unwatched.add(line)
            activation.stamp = -1
            return self._monitoring.DISABLE
        activation.stamp = -1 if record.unwatched else record.stamp
        return None

    def _close(self, activation: Activation, now: int) -> None:
        """Gives what came since the last event to the line that ran, or keeps it apart when several may have run."""
        line, before, record = activation.line, activation.memory, activation.record
        if line is None or before is None:
            return
        change = now - before
        if activation.stamp == record.stamp and not record.unwatched:
            record.add_exact(line, now, change)
            return
        may_have_run = record.unwatched | record.unwatched_before
        may_have_run.add(line)
        if len(may_have_run) == 1:
            record.add_exact(line, now, change)
        elif change:
            record.add_between(may_have_run, now, change)
            record.burst = SEARCHING_BURST
