"""How much memory an object and all that it alone could be meant by takes."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: More are not looked at: a walk of a million objects takes about two seconds of one core.
MOST_OBJECTS = 1_000_000

#: What every program shares: a walk that entered one of these would come out with the whole heap.
_SHARED = (
    type,
    type(sys),
    type(lambda: None),
    type(len),
    type((lambda: None).__code__),
    type(sys._getframe()),
    type(type.__dict__["__dict__"]),
    type(type.__dict__["__basicsize__"]),
)


def measure(start: Any, most_objects: int = MOST_OBJECTS) -> dict[str, Any]:
    """Bytes and objects reachable from `start`, `start` included, each object once.

    Modules, classes, functions, code and frames are not entered and not counted, except for `start` itself: they belong
    to the program and not to the object. Bytes are those of `sys.getsizeof`, the collector's header included.
    `isComplete` is false when `most_objects` was reached. `byType` has the ten types with most bytes.
    """
    total = 0
    seen = {id(start)}
    waiting: list[Any] = [start]
    by_type: dict[type, tuple[int, int]] = {}
    visited = 0
    while waiting and visited < most_objects:
        here = waiting.pop()
        visited += 1
        size = _own_bytes(here)
        total += size
        count, size_so_far = by_type.get(type(here), (0, 0))
        by_type[type(here)] = (count + 1, size_so_far + size)
        for each in gc.get_referents(here):
            if id(each) not in seen and not isinstance(each, _SHARED):
                seen.add(id(each))
                waiting.append(each)
    largest = sorted(by_type.items(), key=lambda row: -row[1][1])[:10]
    return {
        "bytes": total,
        "objects": visited,
        "isComplete": not waiting,
        "ownBytes": _own_bytes(start),
        "byType": [
            {"type": "%s.%s" % (kind.__module__, kind.__qualname__), "objects": count, "bytes": size}
            for kind, (count, size) in largest
        ],
    }


def _own_bytes(each: Any) -> int:
    try:
        return sys.getsizeof(each, 0)
    except Exception:
        # A `__sizeof__` of the program's own that fails.
        return object.__sizeof__(each)
