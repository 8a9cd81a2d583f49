"""The entries of `functools.lru_cache`s, which the collector knows at the cache only and not at each entry.

A bounded cache refers to keys and results in the order of their use; its dict leads from the keys to links, which hold
both and which the collector does not look into. Here each link gets its two references, each dict the order of use, and
each cache its dict and its function only. Modules/_functoolsmodule.c.
"""

from __future__ import annotations

import gc
import sys

from ._heap_classes import LRU_CACHE
from ._heap_fields import CLASS_LABEL
from ._heap_stream import Columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any, Callable

    from ._heap_stream import Stream
    from ._heap_types import TypeTable

_items = dict.items
_own_dict = LRU_CACHE.__dict__["__dict__"].__get__ if "__dict__" in LRU_CACHE.__dict__ else None
#: The last of what the collector says of a cache is not its entries.
_FIELDS = 7


class Caches:
    """All caches of the process, found before the walk begins."""

    def __init__(self, types: TypeTable, stream: Stream) -> None:
        self._types = types
        self._stream = stream
        #: Caches by the address of their dict, of bounded ones that have entries.
        self.lists: dict[int, Any] = {}
        self.link_type: type | None = None

    def find(self, objects: list[Any]) -> None:
        for each in objects:
            if type(each) is LRU_CACHE:
                self._note(each)
        self._types.row(LRU_CACHE).references = self._of_cache

    def ordered(self, entries: dict[Any, Any], counts: Callable[[list[Any]], array[int]]) -> list[Any]:
        """Keys and links, least recently used first. Writes the links, whose references nothing else knows."""
        columns = Columns()
        links = list(dict.values(entries))
        # First of all: from here on they are held more than once by us.
        columns.refcount.extend(counts(links))
        columns.size.extend(map(sys.getsizeof, links))
        columns.address.extend(map(id, links))
        pairs = {id(key): (key, result) for key, result in _pairs_of(self.lists[id(entries)], entries)}
        row = self._types.row(type(links[0])).index
        shape = self._types.shape(tuple([self._types.names.label(row, name) for name in ("key", "result")]))
        for key in entries:
            held = pairs.get(id(key), ())
            columns.type.append(row)
            columns.shape.append(shape if held else 0)
            columns.degree.append(len(held))
            columns.target.extend(map(id, held))
        self._stream.objects(columns)
        link_of = dict(zip(map(id, entries), links))
        order = list(pairs) if len(pairs) == len(links) else list(link_of)
        keys = dict(zip(map(id, entries), entries))
        return [each for key in order for each in (keys[key], link_of[key])]

    def describe(self, cache: Any) -> None:
        try:
            hits, misses, bound, entries = LRU_CACHE.cache_info(cache)
        except Exception:
            return
        self._stream.line(lruCache=id(cache), hits=hits, misses=misses, maxsize=bound, entries=entries)

    def results(self, cache: Any) -> list[Any]:
        """What only the links of a bounded cache refer to: nobody else brings it into the walk."""
        entries = _dict_of(cache, gc.get_referents(cache))
        if id(entries) not in self.lists:
            return []
        return [result for _, result in _pairs_of(cache, entries)]

    def _note(self, cache: Any) -> None:
        entries = _dict_of(cache, gc.get_referents(cache))
        link = next(iter(dict.values(entries)), None) if entries else None
        if type(link).__name__ == "_lru_list_elem":
            self.lists[id(entries)] = cache
            self.link_type = type(link)
            self._types.row(type(link))
            self._types.leaves.pop(type(link), None)

    def _of_cache(self, cache: Any) -> tuple[list[Any], int]:
        found = gc.get_referents(cache)
        own = _own_dict(cache) if _own_dict is not None else {}
        named = {
            id(_dict_of(cache, found)): "cache",
            id(own.get("__wrapped__", self)): "__wrapped__",
            id(own): "__dict__",
        }
        # Keys and results come first; they are the links'.
        at = min([at for at, each in enumerate(found) if at + _FIELDS >= len(found) and id(each) in named], default=0)
        held = found[at:]
        row = self._types.row(LRU_CACHE).index
        labels = [self._types.names.label(row, named.get(id(each), "")) for each in held]
        if found[0] is LRU_CACHE and at > 0:
            held.append(LRU_CACHE)
            labels.append(CLASS_LABEL)
        return held, self._types.shape(tuple(labels))


def _dict_of(cache: Any, found: list[Any]) -> Any:
    """The dict with the entries: not the `__dict__` of the wrapper."""
    own = _own_dict(cache) if _own_dict is not None else None
    size = LRU_CACHE.cache_info(cache)[3]
    for each in found[-_FIELDS:]:
        if type(each) is dict and each is not own and len(each) == size:
            return each
    return None


def _pairs_of(cache: Any, entries: dict[Any, Any]) -> list[tuple[Any, Any]]:
    """Key and result of each entry, least recently used first, from what the collector says of the cache."""
    found = gc.get_referents(cache)
    missing = set(map(id, entries))
    pairs: list[tuple[Any, Any]] = []
    at = 0
    while at + 1 < len(found) and missing:
        if id(found[at]) in missing:
            missing.discard(id(found[at]))
            pairs.append((found[at], found[at + 1]))
            at += 2
        else:
            at += 1
    return pairs

