"""Walks the heap to its end: what the collector lists, what roots lead to, and everything those refer to.

Objects that the collector tracks are on its list and are written once each. Of the others (texts, numbers, tuples of
such) only the addresses of the latest are remembered: one that is met again much later is written again, and the reader
takes the first. So the walk needs little memory, however large the heap is.
"""

from __future__ import annotations

import gc
import sys
from array import array

from . import _heap_classes as classes
from . import _heap_lru as lru
from ._heap_names import NameKeeper
from ._heap_stream import Columns
from ._heap_types import TypeTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._heap_stream import Stream

#: Objects in a block; also how many are looked at between two moments at which the writing can be ended.
_CHUNK = 2048
#: References that are looked through at once.
_POOL = 1 << 16
#: Addresses remembered of objects that the collector does not track: 100 bytes each.
_REMEMBERED = 1 << 18

_is_tracked = gc.is_tracked
_refcount: Any = getattr(sys, "getrefcount", None)
_size: Any = getattr(sys, "getsizeof", None)


class Walk:
    """One walk over one heap."""

    def __init__(self, stream: Stream, may_make_dicts: bool, values: bool) -> None:
        self._stream = stream
        self.types = TypeTable(stream, may_make_dicts)
        self.names = NameKeeper(stream, values)
        self._remembered: set[int] = set()
        #: Objects with references of their own that no list has, to be written.
        self._waiting: list[Any] = []
        self._pool: list[Any] = []
        self._caches = lru.Caches(self.types, stream)
        #: References that counting itself adds, as many for every object.
        self.counted_by_us = _counts([object()])[0] if _refcount is not None else 0

    def visit(self, objects: list[Any]) -> None:
        """Writes objects that lie outside of the collector's list, for example roots."""
        self._pool.extend(objects)
        self._write_rest()

    def walk(self, objects: list[Any]) -> None:
        """Writes `objects`, which is emptied on the way, and all that they lead to."""
        self._caches.find(objects)
        self.types.subclasses = classes.subclass_lists(objects)
        while objects:
            chunk = objects[-_CHUNK:]
            del objects[-_CHUNK:]
            self._write(chunk)
            del chunk
            self._write_waiting()
        self._write_rest()

    def _write_rest(self) -> None:
        """Either may add to the other: code holds tuples that no list has, those hold code, and so on."""
        while self._pool or self._waiting:
            self._settle_pool()
            self._write_waiting()

    def _write_waiting(self) -> None:
        while self._waiting:
            chunk = self._waiting[-_CHUNK:]
            del self._waiting[-_CHUNK:]
            self._write(chunk)

    def _write(self, chunk: list[Any]) -> None:
        """A block of objects that have references. Nothing but `chunk` holds them for us."""
        columns = Columns()
        self._fill_sizes(columns, chunk)
        row_of = self.types.row
        pool, target = self._pool, columns.target
        for at in range(len(chunk)):
            each = chunk[at]
            row = row_of(type(each))
            references = row.references
            if id(each) in self._caches.lists:
                found, shape = self._caches.ordered(each, _counts), 0
            elif references is None:
                found, shape = [], 0
            else:
                found, shape = references(each)
            if row.left_out:
                columns.size[at] += row.left_out
            if row.beside:
                columns.size[at] += row.beside.get(len(found), 0)
            columns.type.append(row.index)
            columns.shape.append(shape)
            columns.degree.append(len(found))
            target.extend(map(id, found))
            pool += found
            if row.role in _NAMED:
                self.names.keep(each, row.role, found)
                if row.role == "lru-cache":
                    self._caches.describe(each)
                    pool += self._caches.results(each)
            if len(pool) >= _POOL:
                del found
                self._settle_pool()
        each = found = None
        self._stream.objects(columns)
        if len(pool) >= _POOL // 2:
            self._settle_pool()

    def _settle_pool(self) -> None:
        """Writes what the references of the pool lead to and the collector does not track."""
        pool = self._pool
        while pool:
            part = pool[-_POOL:]
            del pool[-_POOL:]
            self._settle(part)

    def _settle(self, part: list[Any]) -> None:
        """`part` is emptied: when the leaves are counted, nothing but one list holds them for us."""
        untracked = [each for each in part if not _is_tracked(each)]
        part.clear()
        unique = dict(zip(map(id, untracked), untracked))
        untracked.clear()
        fresh = [each for address, each in unique.items() if address not in self._remembered]
        if len(self._remembered) > _REMEMBERED:
            self._remembered.clear()
        self._remembered.update(map(id, fresh))
        unique.clear()
        leaves = self.types.leaves
        if fresh and not all(map(leaves.__contains__, map(type, fresh))):
            fresh = self._put_aside(fresh)
        if fresh:
            self._write_leaves(fresh)

    def _put_aside(self, fresh: list[Any]) -> list[Any]:
        """Moves what has references to the list of those that wait; returns the leaves."""
        rows = self.types
        kept: list[Any] = []
        for each in fresh:
            rows.row(type(each))
            if type(each) is self._caches.link_type:
                continue
            (kept if type(each) in rows.leaves else self._waiting).append(each)
        return kept

    def _write_leaves(self, leaves: list[Any]) -> None:
        columns = Columns()
        self._fill_sizes(columns, leaves)
        columns.type.extend(map(self.types.leaves.__getitem__, map(type, leaves)))
        zeros = bytes(4 * len(leaves))
        columns.shape.frombytes(zeros)
        columns.degree.frombytes(zeros)
        self.names.keep_values(leaves)
        self._stream.objects(columns)

    def _fill_sizes(self, columns: Columns, chunk: list[Any]) -> None:
        """Counts come first: whatever is done to an object later may hold it once more."""
        columns.refcount.extend(_counts(chunk))
        columns.address.extend(map(id, chunk))
        try:
            if any(self.types.row(kind).runs_code_for_size for kind in set(map(type, chunk))):
                raise TypeError
            columns.size.extend(map(_size, chunk))
        except Exception:
            del columns.size[:]
            columns.size.extend([self._size_of(each) for each in chunk])

    def _size_of(self, each: Any) -> int:
        """Without calling a `__sizeof__` of the program's own."""
        try:
            if self.types.row(type(each)).runs_code_for_size:
                return int(object.__sizeof__(each))
            return int(_size(each, 0))
        except Exception:
            return 0


_NAMED = ("dict", "module", "function", "code", "lru-cache")


def _counts(chunk: list[Any]) -> array[int]:
    if _refcount is None:
        return array("Q", bytes(8 * len(chunk)))
    return array("Q", map(_refcount, chunk))


def all_objects() -> list[Any]:
    """What the collector tracks; what `gc.freeze` put aside comes back into its lists, so only for a forked child."""
    if hasattr(gc, "get_freeze_count") and gc.get_freeze_count():
        gc.unfreeze()
    return gc.get_objects()

