"""Line-by-line memory of chosen functions of this process, from a start to a report."""

import sys
from types import CodeType
from typing import Any, Dict, List, Optional, Union

from ._lines_choice import Choice, QualifiedNames, module_of
from ._lines_memory import MemoryReader, open_memory_reader
from ._lines_monitor import FIRST, MonitorEngine
from ._lines_record import FunctionRecord
from ._lines_trace import TraceEngine

_OPTIMIZED = 0x1
#: As it is installed, and as it is loaded into a running process.
_OURS = ("deadweight", "_deadweight_probe", "_deadweight_lines")

Engine = Union[MonitorEngine, TraceEngine]


class LinesSession:
    """One per process: tool numbers and trace functions are the interpreter's own."""

    def __init__(self, choice: Optional[Choice]) -> None:
        """`choice` None: only functions given to `watch`. Nothing happens before `start`."""
        self.reader: MemoryReader = open_memory_reader()
        self.records: List[FunctionRecord] = []
        self._choice = choice
        self._names = QualifiedNames()
        choose = None if choice is None else self._choose
        has_monitoring = hasattr(sys, "monitoring")
        self.engine: Engine = MonitorEngine(self.reader, choose) if has_monitoring else TraceEngine(self.reader, choose)

    def start(self) -> None:
        """Raises RuntimeError when another tool is in the way."""
        self.engine.start()

    def stop(self) -> None:
        """No line is watched any more, for good; `records` stay."""
        self.engine.stop()
        self.reader.close()

    def watch(self, code: CodeType, module: str, qualname: str) -> FunctionRecord:
        """Watches one function by its code."""
        record = self._new_record(code, module, qualname)
        self.engine.watch(record)
        return record

    def _choose(self, code: CodeType, global_names: Dict[str, Any]) -> Optional[FunctionRecord]:
        if self._choice is None or code.co_filename.startswith("<"):
            return None
        if not code.co_flags & _OPTIMIZED:
            # The body of a module or a class, which runs once.
            return None
        module = module_of(code, global_names)
        if module.partition(".")[0] in _OURS:
            return None
        qualname = self._names.of(code)
        return self._new_record(code, module, qualname) if self._choice.takes(module, qualname) else None

    def _new_record(self, code: CodeType, module: str, qualname: str) -> FunctionRecord:
        for record in self.records:
            if record.code is code:
                return record
        record = FunctionRecord(code, module, qualname, FIRST)
        self.records.append(record)
        return record
