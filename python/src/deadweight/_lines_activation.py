"""A chosen function that is running in a thread, and the stack of them."""

import threading
from typing import Dict, List, Optional

from ._lines_record import FunctionRecord, LineRecord


class Activation:
    """One call, or one stretch of a generator or coroutine between two suspensions."""

    __slots__ = ("record", "line", "memory", "stamp", "entered", "skipped")

    def __init__(self, record: FunctionRecord, line: Optional[LineRecord], memory: Optional[int]) -> None:
        self.record = record
        #: The line that runs; None before the first.
        self.line = line
        #: Reading at the last event; None when this call is not measured.
        self.memory = memory
        self.stamp = record.stamp if not record.unwatched else -1
        self.entered = memory
        #: Events since the last reading that were not read (settrace only).
        self.skipped = 0


class ActivationStack(threading.local):
    """Per thread: who called whom. `busy` counts the threads with a chosen function running."""

    def __init__(self) -> None:
        self.running: List[Activation] = []
        self.depths: Dict[FunctionRecord, int] = {}


class Running:
    """Keeps the stacks of all threads right whatever way a function is left."""

    def __init__(self) -> None:
        self._stacks = ActivationStack()
        self._busy_threads = 0

    def stack(self) -> List[Activation]:
        """This thread's activations, the innermost last."""
        return self._stacks.running

    def push(self, activation: Activation) -> None:
        """A chosen function begins or goes on."""
        stacks, record = self._stacks, activation.record
        if not stacks.running:
            self._busy_threads += 1
        depth = stacks.depths.get(record, 0) + 1
        if depth > 1:
            record.is_recursive = True
        stacks.depths[record] = depth
        if self._busy_threads > 1:
            record.is_shared = True
        stacks.running.append(activation)

    def pop(self, activation: Activation, now: Optional[int]) -> None:
        """It ends or is suspended; growth of a recursive call is taken off its caller, so that it counts once."""
        running, depths = self._stacks.running, self._stacks.depths
        while running:
            left = running.pop()
            depths[left.record] -= 1
            if left is activation:
                break
        record = activation.record
        if record.is_recursive and now is not None and activation.entered is not None:
            for outer in reversed(running):
                if outer.record is record:
                    if outer.memory is not None:
                        outer.memory += now - activation.entered
                    break
        if not running:
            self._busy_threads = max(0, self._busy_threads - 1)
