"""The report of a session, as `deadweight lines --json` prints it (docs/schema/lines.schema.json)."""

import linecache
import sys
from types import CodeType
from typing import Any, Dict, List, Optional, Set

from ._lines_record import FunctionRecord, LineRecord, Placement
from ._lines_session import LinesSession

SCHEMA = "deadweight/lines@1"


def lines_report(session: LinesSession, script: str) -> Dict[str, Any]:
    """Functions that ran, by file and line; amounts in bytes. O(lines)."""
    unit = session.reader.unit_bytes
    records = [record for record in session.records if record.calls or record.suspensions]
    records.sort(key=lambda record: (record.code.co_filename, record.code.co_firstlineno))
    return {
        "schema": SCHEMA,
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "script": script,
        "method": session.engine.method,
        "source": session.reader.source,
        "resolutionBytes": unit,
        "seesReleases": session.reader.falls,
        "functions": [_function(record, unit) for record in records],
    }


def _function(record: FunctionRecord, unit: int) -> Dict[str, Any]:
    placement = record.placed()
    unplaced = None
    if placement.unplaced:
        unplaced = {"bytes": placement.unplaced * unit, "lines": placement.unplaced_lines}
    return {
        "module": record.module,
        "function": record.qualname,
        "file": record.code.co_filename,
        "firstLine": record.code.co_firstlineno,
        "calls": record.calls,
        "measuredCalls": record.measured_calls,
        "raised": record.unwound,
        "suspensions": record.suspensions,
        "isRecursive": record.is_recursive,
        "sharesMemoryWithThreads": record.is_shared,
        "startBytes": (record.start or 0) * unit,
        "peakBytes": max(record.peak, record.start or 0) * unit,
        "totalBytes": record.total() * unit,
        "unplaced": unplaced,
        "lines": [_line(number, record, placement, unit) for number in _numbers(record)],
    }


def _line(number: int, record: FunctionRecord, placement: Placement, unit: int) -> Dict[str, Any]:
    line: Optional[LineRecord] = record.lines.get(number)
    estimated = placement.estimated.get(number, 0)
    is_first = number == record.code.co_firstlineno and line is None
    peak = (record.start or 0) if is_first else (line.peak if line is not None else 0)
    return {
        "line": number,
        "memoryBytes": peak * unit if peak else None,
        "incrementBytes": None if line is None else (line.grown + estimated) * unit,
        "estimatedBytes": estimated * unit,
        "occurrences": record.calls if is_first else (line.occurrences if line is not None else 0),
        "isLeast": line is not None and line.is_least,
        "source": linecache.getline(record.code.co_filename, number).rstrip("\r\n"),
    }


def _numbers(record: FunctionRecord) -> List[int]:
    """All lines of the function with what is nested in it, also those that never ran."""
    lines = _lines_of_code(record.code) | set(record.lines)
    return list(range(min(lines), max(lines) + 1))


def _lines_of_code(code: CodeType) -> Set[int]:
    import dis

    lines = {code.co_firstlineno}
    lines.update(line for _, line in dis.findlinestarts(code) if line)
    for each in code.co_consts:
        if isinstance(each, CodeType):
            lines |= _lines_of_code(each)
    return lines
