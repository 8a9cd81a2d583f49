"""What is known of each line of a function: the memory that came while it ran.

Every event closes the line that ran since the event before it. Where lines in between were not watched (see the two
engines), the growth belongs to one of several lines; it is kept apart and shared out by what the same lines were
seen to do when they were watched.
"""

from types import CodeType
from typing import Dict, Iterable, List, Optional, Set


class LineRecord:
    """Memory of one line, in units of the reader."""

    __slots__ = ("number", "grown", "occurrences", "peak", "is_least", "quiet", "left")

    def __init__(self, number: int, left: int) -> None:
        self.number = number
        #: Net growth while this line ran, measured exactly.
        self.grown = 0
        self.occurrences = 0
        #: Most memory seen at the end of this line; 0 when its end was never seen.
        self.peak = 0
        #: It ran more often than `occurrences`.
        self.is_least = False
        #: Endings in a row without growth.
        self.quiet = 0
        #: How many more events before it is left alone for a while (sys.monitoring only).
        self.left = left


class FunctionRecord:
    """One chosen code object."""

    __slots__ = (
        "code", "module", "qualname", "lines", "calls", "measured_calls", "suspensions", "is_recursive",
        "is_shared", "unwound", "start", "peak", "unplaced", "unplaced_lines", "unwatched", "unwatched_before",
        "stamp", "left", "burst", "first_left",
    )  # fmt: skip

    def __init__(self, code: CodeType, module: str, qualname: str, first_left: int) -> None:
        self.code = code
        self.module = module
        self.qualname = qualname
        self.lines: Dict[int, LineRecord] = {}
        self.calls = 0
        self.measured_calls = 0
        self.suspensions = 0
        self.is_recursive = False
        #: Another thread was inside a chosen function at the same time.
        self.is_shared = False
        #: Calls that an exception ended.
        self.unwound = 0
        #: Memory at the first call; None before it.
        self.start: Optional[int] = None
        self.peak = 0
        #: Growth between lines that were not told apart, and which lines they are.
        self.unplaced = 0
        self.unplaced_lines: Set[LineRecord] = set()
        #: Lines that give no events at the moment, and those that gave none until the last time all were armed.
        self.unwatched: Set[LineRecord] = set()
        self.unwatched_before: Set[LineRecord] = set()
        #: Changes whenever a line stops giving events.
        self.stamp = 0
        self.left = first_left
        self.burst = 0
        self.first_left = first_left

    def line(self, number: int) -> LineRecord:
        """The record of a line, made at its first event."""
        found = self.lines.get(number)
        if found is None:
            found = self.lines[number] = LineRecord(number, self.first_left)
        return found

    def add_exact(self, line: LineRecord, now: int, change: int) -> None:
        """`line` ended at `now` and memory changed by `change` while it ran."""
        if change:
            line.grown += change
            line.quiet = 0
        else:
            line.quiet += 1
        if now > line.peak:
            line.peak = now
            self.peak = max(self.peak, now)

    def add_between(self, lines: Iterable[LineRecord], now: int, change: int) -> None:
        """Memory changed while one or more of `lines` ran."""
        self.peak = max(self.peak, now)
        self.unplaced += change
        self.unplaced_lines.update(lines)

    def placed(self) -> "Placement":
        """Growth per line, with what was not told apart shared out where there is evidence. O(lines)."""
        change = self.unplaced
        sign = 1 if change > 0 else -1
        weights = {line: line.grown * sign for line in self.unplaced_lines if line.grown * sign > 0}
        if change == 0 or not weights:
            return Placement({}, change, sorted(line.number for line in self.unplaced_lines) if change else [])
        total = sum(weights.values())
        shares = {line.number: change * weight // total for line, weight in weights.items()}
        largest = max(weights, key=lambda line: weights[line]).number
        shares[largest] += change - sum(shares.values())
        return Placement(shares, 0, [])

    def total(self) -> int:
        """Net growth while the function itself ran, in units; recursion counts once."""
        return sum(line.grown for line in self.lines.values()) + self.unplaced


class Placement:
    """How growth between lines was shared out: estimated units per line, and what no line can be given."""

    __slots__ = ("estimated", "unplaced", "unplaced_lines")

    def __init__(self, estimated: Dict[int, int], unplaced: int, unplaced_lines: List[int]) -> None:
        self.estimated = estimated
        self.unplaced = unplaced
        self.unplaced_lines = unplaced_lines
