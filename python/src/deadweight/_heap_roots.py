"""Where references into the heap come from: modules, the frames of all threads, built-in types."""

from __future__ import annotations

import builtins
import gc
import sys

from . import _heap_classes as classes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from ._heap_stream import Stream
    from ._heap_walk import Walk

_OWN_FOLDER = __file__[: -len("_heap_roots.py")]
#: Since 3.11 a running frame lies outside of the heap and owns its locals; before, the frame object refers to them.
_OWNED_BY_THREAD = int(sys.version_info >= (3, 11))
#: A recursion without end has at most the recursion limit; more is a torn list.
_MOST_FRAMES = 20_000


class Roots:
    """Writes roots, and says which objects the walk must not miss."""

    def __init__(self, stream: Stream, walk: Walk, may_make_dicts: bool) -> None:
        self._stream = stream
        self._walk = walk
        self._may_make_dicts = may_make_dicts
        self._made: list[dict[str, Any]] = []
        self.threads = 0

    def write(self) -> None:
        found: list[Any] = []
        self._root(found, sys.modules, "modules", 1, kind="sys.modules")
        self._root(found, sys.__dict__, "modules", 1, kind="sys.__dict__")
        self._root(found, builtins.__dict__, "modules", 1, kind="builtins.__dict__")
        names = _thread_names(self._walk)
        frames = sys._current_frames() if hasattr(sys, "_current_frames") else {}
        for ident, frame in frames.items():
            self._thread(found, ident, names.get(ident, ""), frame)
        self._walk.visit(found)

    def static_types(self) -> None:
        """They never die, and no list has them: each is found as a class derived from `object`, or by an instance."""
        kinds = [*classes.all_classes(), *self._walk.types.rows]
        static = {id(kind): kind for kind in kinds if not classes.flags_of(kind) & (1 << 9)}
        for kind in static.values():
            self._root([], kind, "static-types", kind="static-type")
        self._walk.visit(list(static.values()))

    def forget(self) -> None:
        """Empties the dicts that frames have got because we asked for their locals: what they hold would stay alive."""
        for made in self._made:
            made.clear()
        self._made.clear()

    def _root(self, found: list[Any], each: Any, tier: str, counted: int = 0, **origin: Any) -> None:
        """`counted`: how many of the references to it are explained by this root."""
        found.append(each)
        self._stream.line(root=id(each), tier=tier, counted=counted, origin=origin)

    def _thread(self, found: list[Any], ident: int, name: str, innermost: FrameType) -> None:
        rows: list[dict[str, Any]] = []
        thread = self.threads
        frames = _frames_of(innermost)
        if not frames:
            # The thread is ours.
            return
        for frame in frames:
            code = frame.f_code
            place = {"thread": thread, "frame": len(rows)}
            rows.append(
                {"code": id(code), "function": code.co_name, "file": code.co_filename, "line": code.co_firstlineno}
            )
            self._root(found, code, "frames", kind="frame", part="code", **place)
            if sys.version_info < (3, 11):
                self._root(found, frame, "frames", kind="frame", part="object", **place)
            self._locals(found, frame, place)
        self.threads += 1
        self._stream.line(thread=str(ident), name=name, frames=rows)

    def _locals(self, found: list[Any], frame: FrameType, place: dict[str, Any]) -> None:
        before = set(map(id, gc.get_referents(frame)))
        local = frame.f_locals
        if not frame.f_code.co_flags & 1:
            # A module's or a class's body: its namespace.
            self._root(found, local, "frames", kind="frame", part="locals", **place)
            return
        rows = list(local.items())
        cells = {id(value.cell_contents): value for value in _cells(gc.get_referents(frame))}
        if type(local) is dict and id(local) not in before and not self._may_make_dicts:
            self._made.append(local)
        counted = _OWNED_BY_THREAD + (type(local) is dict)
        for name, value in rows:
            held = cells.get(id(value), value)
            self._root(found, held, "frames", counted, kind="frame-local", name=str(name), **place)


def _cells(referents: list[Any]) -> list[Any]:
    found = []
    for each in referents:
        if type(each) is classes.CELL:
            try:
                each.cell_contents  # noqa: B018
            except ValueError:
                continue
            found.append(each)
    return found


def _frames_of(innermost: FrameType) -> list[FrameType]:
    """From the innermost on, without our own."""
    frames: list[FrameType] = []
    frame: FrameType | None = innermost
    while frame is not None and len(frames) < _MOST_FRAMES:
        if frames or not frame.f_code.co_filename.startswith(_OWN_FOLDER):
            frames.append(frame)
        frame = frame.f_back
    return frames


def _thread_names(walk: Walk) -> dict[int, str]:
    """As `threading` knows them, read from its registry and without its lock, which a thread may hold."""
    threading = sys.modules.get("threading")
    active = getattr(threading, "_active", None)
    if type(active) is not dict:
        return {}
    names: dict[int, str] = {}
    walk.names.thread_keys(list(active))
    for ident, thread in list(active.items()):
        try:
            name = object.__getattribute__(thread, "_name")
        except AttributeError:
            continue
        if type(name) is str:
            names[ident] = name
    return names
