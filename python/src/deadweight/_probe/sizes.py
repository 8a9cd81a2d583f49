"""How much memory an object takes with all that it holds."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: More are not looked at: a walk of a million objects takes one to two seconds of a core.
MOST_OBJECTS = 1_000_000

#: What every program shares: a walk that entered one of these would come out with the whole heap.
SHARED = (
    type,
    type(sys),
    type(lambda: None),
    type(len),
    type((lambda: None).__code__),
    type(sys._getframe()),
    type(type.__dict__["__dict__"]),
    type(type.__dict__["__basicsize__"]),
)
#: There is one of each in the interpreter, whoever refers to it.
_SINGLETONS = (type(None), bool, type(Ellipsis), type(NotImplemented))
#: Objects whose references are asked for in one call.
_AT_ONCE = 1024


class Walk:
    """Everything reachable from some objects, each once. Types are looked at, never `__class__`: no proxy is asked."""

    def __init__(self, starts: list[Any], stop_at: tuple[type, ...] = SHARED, most_objects: int | None = None) -> None:
        """Walks at once: O(objects reached). What `starts` names is counted whatever its type."""
        self.bytes = 0
        self.objects = 0
        #: Objects and bytes by type.
        self.by_type: dict[type, tuple[int, int]] = {}
        #: References that were not followed, by the type they lead to.
        self.left_out: dict[type, int] = {}
        #: False when `most_objects` was reached.
        self.is_complete = True
        self._stop_at = stop_at
        self._stops: dict[type, bool] = {}
        self._seen: set[int] = set()
        self._walk(starts, most_objects)

    def _walk(self, starts: list[Any], most_objects: int | None) -> None:
        self._seen.update(map(id, starts))
        waiting = list({id(each): each for each in starts}.values())
        while waiting:
            here = waiting[-_AT_ONCE:]
            del waiting[-_AT_ONCE:]
            if most_objects is not None and self.objects + len(here) > most_objects:
                here = here[: most_objects - self.objects]
                self.is_complete = False
                waiting = []
            for each in here:
                self._count(each)
            if self.is_complete:
                waiting.extend(self._new_among(gc.get_referents(*here)))
                for each in here:
                    waiting.extend(self._new_among(_hidden_referents(each)))

    def _count(self, each: Any) -> None:
        size = own_bytes(each)
        self.bytes += size
        self.objects += 1
        count, so_far = self.by_type.get(type(each), (0, 0))
        self.by_type[type(each)] = (count + 1, so_far + size)

    def _new_among(self, referents: list[Any]) -> list[Any]:
        new = []
        for each in referents:
            address = id(each)
            if address in self._seen:
                continue
            self._seen.add(address)
            kind = type(each)
            stops = self._stops.get(kind)
            if stops is None:
                stops = self._stops[kind] = issubclass(kind, self._stop_at) or kind in _SINGLETONS
            if not stops:
                new.append(each)
            elif kind not in _SINGLETONS:
                self.left_out[kind] = self.left_out.get(kind, 0) + 1
        return new


def measure(start: Any, most_objects: int = MOST_OBJECTS) -> dict[str, Any]:
    """Bytes and objects reachable from `start`, `start` included, each object once.

    Modules, classes, functions, code and frames are not entered and not counted, except for `start` itself: they belong
    to the program and not to the object. Bytes are those of `sys.getsizeof`, the collector's header included.
    `isComplete` is false when `most_objects` was reached. `byType` has the ten types with most bytes.
    """
    walk = Walk([start], most_objects=most_objects)
    largest = sorted(walk.by_type.items(), key=lambda row: -row[1][1])[:10]
    return {
        "bytes": walk.bytes,
        "objects": walk.objects,
        "isComplete": walk.is_complete,
        "ownBytes": own_bytes(start),
        "byType": [
            {"type": "%s.%s" % (kind.__module__, kind.__qualname__), "objects": count, "bytes": size}
            for kind, (count, size) in largest
        ],
    }


def own_bytes(each: Any) -> int:
    """Bytes of one object, the collector's header included."""
    try:
        return sys.getsizeof(each, 0)
    except Exception:
        # A `__sizeof__` of the program's own that fails.
        return object.__sizeof__(each)


def _hidden_referents(each: Any) -> list[Any]:
    """What numpy's arrays refer to and do not tell the collector: the array a view looks into, objects as elements."""
    numpy = sys.modules.get("numpy")
    array = getattr(numpy, "ndarray", None)
    if array is None or not issubclass(type(each), array):
        return []
    base = array.base.__get__(each)
    found = [] if base is None else [base]
    if array.dtype.__get__(each).hasobject and base is None:
        found.extend(gc.get_referents(array.tolist(array.ravel(each))))
    return found
