"""The engine of CPython 3.8 to 3.11: a trace function that reads memory only around lines that are not known as quiet.

All lines give events here, so occurrences are exact and a line that grows is always read before and after it. Between
two quiet lines (`QUIET` endings without growth) memory is read at every `SAMPLE`th event only.
"""

import sys
import threading
from types import CodeType, FrameType
from typing import Any, Callable, Dict, List, Optional

from ._lines_activation import Activation, Running
from ._lines_memory import MemoryReader
from ._lines_record import FunctionRecord, LineRecord

QUIET = 1000
SAMPLE = 64

Choose = Callable[[CodeType, Dict[str, Any]], Optional[FunctionRecord]]
Trace = Callable[[FrameType, str, Any], Any]

_GENERATOR_FLAGS = 0x20 | 0x80 | 0x100 | 0x200


class TraceEngine:
    """Line memory through sys.settrace: everywhere when functions are chosen by name, else while `traced` ones run."""

    method = "sys.settrace"

    def __init__(self, reader: MemoryReader, choose: Optional[Choose]) -> None:
        self._read = reader.read
        self._choose = choose
        self._records: Dict[CodeType, Optional[FunctionRecord]] = {}
        self._running = Running()
        self._is_over = False
        #: Whether all threads are traced; else only calls of wrapped functions are.
        self.is_everywhere = choose is not None

    def start(self) -> None:
        """Raises RuntimeError when a debugger or a coverage tool traces already."""
        if self._choose is None:
            return
        if sys.gettrace() is not None:
            raise RuntimeError("another tool (a debugger, coverage) has set a trace function already")
        threading.settrace(self.trace_call)
        sys.settrace(self.trace_call)

    def stop(self) -> None:
        """Other threads lose their trace function when they next call something."""
        if sys.gettrace() == self.trace_call:
            sys.settrace(None)
            threading.settrace(None)
        elif getattr(threading, "_trace_hook", None) == self.trace_call:
            threading.settrace(None)
        self._is_over = True
        self._choose = None
        self._records = {}

    def watch(self, record: FunctionRecord) -> None:
        """From now on this function's lines are watched wherever a trace function is set."""
        self._records[record.code] = record

    def trace_call(self, frame: FrameType, event: str, _argument: Any) -> Optional[Trace]:
        """The trace function of a thread; the one of a frame is made for chosen functions only."""
        if self._is_over:
            sys.settrace(None)
            return None
        code = frame.f_code
        try:
            record = self._records[code]
        except KeyError:
            record = self._choose(code, frame.f_globals) if self._choose is not None else None
            self._records[code] = record
        if record is None or event != "call":
            return None
        return self._enter(record, frame)

    def _enter(self, record: FunctionRecord, frame: FrameType) -> Trace:
        is_resumed = frame.f_code.co_flags & _GENERATOR_FLAGS != 0 and _was_suspended(frame)
        if not is_resumed:
            record.calls += 1
            record.measured_calls += 1
        line = record.line(frame.f_lineno) if is_resumed else None
        now = self._read()
        if record.start is None:
            record.start = now
        activation = Activation(record, line, now)
        self._running.push(activation)
        return self._tracer_of(record, activation)

    def _tracer_of(self, record: FunctionRecord, activation: Activation) -> Trace:
        lines, read, close, leave = record.lines, self._read, self._close, self._leave
        passed: List[LineRecord] = []

        def trace_line(frame: FrameType, event: str, argument: Any) -> Any:
            if event == "line":
                number = frame.f_lineno
                line = lines[number] if number in lines else record.line(number)
                line.occurrences += 1
                before = activation.line
                if line.quiet > QUIET and before is not None and before.quiet > QUIET and activation.skipped < SAMPLE:
                    activation.skipped += 1
                    passed.append(before)
                else:
                    now = read()
                    close(activation, now, passed)
                    activation.memory = now
                activation.line = line
            elif event == "return":
                leave(activation, frame, argument, passed)
            return trace_line

        return trace_line

    def _leave(self, activation: Activation, frame: FrameType, value: Any, passed: List[LineRecord]) -> None:
        record = activation.record
        if frame.f_code.co_flags & _GENERATOR_FLAGS and _was_suspended(frame):
            record.suspensions += 1
        now = self._read()
        self._close(activation, now, passed)
        self._running.pop(activation, now)

    def _close(self, activation: Activation, now: int, passed: List[LineRecord]) -> None:
        line, before, record = activation.line, activation.memory, activation.record
        if line is None or before is None:
            return
        change = now - before
        if activation.skipped == 0:
            record.add_exact(line, now, change)
            return
        activation.skipped = 0
        if change:
            may_have_run = {line, *passed}
            if len(may_have_run) == 1:
                record.add_exact(line, now, change)
            else:
                record.add_between(may_have_run, now, change)
                for each in may_have_run:
                    each.quiet = QUIET - SAMPLE
        passed.clear()


def _was_suspended(frame: FrameType) -> bool:
    """Whether a generator's frame stands at a yield: at its return it has not ended, at its call it goes on.

    The last instruction says so: a YIELD_VALUE or what stands for it (opcodes of 3.8 to 3.11); at the first call it
    is before the first instruction, or on the opening GEN_START, RETURN_GENERATOR, RESUME.
    """
    last = frame.f_lasti
    if last < 0:
        return False
    code = frame.f_code.co_code
    if code[last] in _YIELDS:
        return True
    if _RESUME is not None:
        # 3.11 stands on the RESUME after the yield when it goes on; its argument is 0 at the start of a function.
        return code[last] == _RESUME and code[last + 1] != 0
    # 3.8 to 3.10 step back before a YIELD_FROM, so that it runs again.
    return last + 2 < len(code) and code[last + 2] == _YIELD_FROM


def _opcodes() -> Dict[str, int]:
    # Not `import dis`: it costs 5 ms and 1.5 MB; opcode has the same table.
    from opcode import opmap

    return opmap


_YIELDS = frozenset(number for name, number in _opcodes().items() if name in ("YIELD_VALUE", "YIELD_FROM"))
_YIELD_FROM = _opcodes().get("YIELD_FROM")
_RESUME = _opcodes().get("RESUME")
