"""Which lines allocated what a place of the program has gained while allocations are traced."""

from __future__ import annotations

import _tracemalloc
import gc
import sys

from . import sizes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

    Frames = Tuple[Tuple[str, int], ...]

#: More are not looked at: half a second of one core.
MOST_OBJECTS = 200_000


def lines_of(holder: Any, most_objects: int, limit: int) -> dict[str, Any]:
    """Objects that `holder` keeps and that were allocated in the window, by the stack that allocated them.

    What came last into a list or dict is looked at first. Modules, classes and functions are not entered. An object
    that was there before the window, or whose memory is not traced, counts as `untraced`.
    """
    seen = {id(holder)}
    waiting: list[Any] = [holder]
    table: dict[Frames, tuple[int, int]] = {}
    looked = untraced = 0
    while waiting and looked < most_objects:
        here = waiting.pop()
        looked += 1
        frames: Any = _tracemalloc._get_object_traceback(here)
        if frames is None:
            untraced += 1
        else:
            objects, size = table.get(frames, (0, 0))
            table[frames] = (objects + 1, size + _own_bytes(here))
        for each in gc.get_referents(here):
            if id(each) not in seen and not issubclass(type(each), sizes.SHARED):
                seen.add(id(each))
                waiting.append(each)
    rows = sorted(table.items(), key=lambda row: -row[1][1])
    return {
        "rows": [
            {"stack": [{"file": file, "line": line} for file, line in stack], "objects": objects, "bytes": size}
            for stack, (objects, size) in rows[:limit]
        ],
        "rowsLeftOut": max(0, len(rows) - limit),
        "objects": looked,
        "untraced": untraced,
        "isComplete": not waiting,
    }


def _own_bytes(each: Any) -> int:
    try:
        return sys.getsizeof(each, 0)
    except Exception:
        # A `__sizeof__` of the program's own that fails.
        return object.__sizeof__(each)
