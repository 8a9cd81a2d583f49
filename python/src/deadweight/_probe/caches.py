"""The caches of the process, found through the collector: no decorator is patched, and no call is slowed down."""

from __future__ import annotations

import _functools  # type: ignore[import-not-found]
import gc
import sys
import time

from . import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LRU: Any = getattr(_functools, "_lru_cache_wrapper")


def find(limit: int) -> dict[str, Any]:
    """Every `functools.lru_cache` and every cache of cachetools, at most `limit`, those with most entries first.

    Looks at each object of the collector once, with the GIL: `scanMs` says how long (20-50 ms per million objects since
    3.10, 140-250 ms before). Reads only what C code keeps, so that nothing of the program's own runs.
    """
    began = time.perf_counter()
    found = [*_lru_caches(), *_cachetools_caches()]
    scan_ms = (time.perf_counter() - began) * 1000
    places = names.of_globals(found)
    rows = [row for row in (_describe(cache, places.get(id(cache))) for cache in found) if row is not None]
    rows.sort(key=lambda row: -(row["entries"] or 0))
    return {"caches": rows[:limit], "found": len(rows), "scanMs": scan_ms}


def _lru_caches() -> list[Any]:
    # From 3.10 on the type is on the heap and its instances refer to it; before, nothing does.
    candidates = gc.get_referrers(_LRU) if sys.version_info >= (3, 10) else gc.get_objects()
    return [each for each in candidates if type(each) is _LRU]


def _cachetools_caches() -> list[Any]:
    """Instances of cachetools.Cache and of what is derived from it; [] when that library is not in use."""
    library = sys.modules.get("cachetools")
    base = names.contents(library).get("Cache") if library is not None else None
    if not isinstance(base, type):
        return []
    kinds = _subclasses(base)
    return [each for each in gc.get_referrers(*kinds) if type(each) in kinds]


def _subclasses(base: type) -> list[type]:
    kinds: list[type] = []
    waiting = [base]
    while waiting:
        kind = waiting.pop()
        if kind in kinds:
            continue
        kinds.append(kind)
        waiting.extend(type.__subclasses__(kind))
    return kinds


def _describe(cache: Any, place: str | None) -> dict[str, Any] | None:
    return _describe_lru(cache, place) if type(cache) is _LRU else _describe_cachetools(cache, place)


def _describe_lru(cache: Any, place: str | None) -> dict[str, Any]:
    hits, misses, bound, entries = cache.cache_info()
    own = getattr(cache, "__dict__", {})
    name = "%s.%s" % (own.get("__module__", "?"), own.get("__qualname__", "?"))
    code = getattr(own.get("__wrapped__"), "__code__", None)
    return {
        "kind": "lru_cache",
        "name": name,
        "place": place,
        "file": getattr(code, "co_filename", None),
        "line": getattr(code, "co_firstlineno", None),
        "hits": hits,
        "misses": misses,
        "entries": entries,
        "bound": bound,
        "address": "%#x" % id(cache),
    }


def _describe_cachetools(cache: Any, place: str | None) -> dict[str, Any] | None:
    own = names.contents(cache)
    data = own.get("_Cache__data")
    bound = own.get("_Cache__maxsize")
    if type(data) is not dict:
        return None
    return {
        "kind": type(cache).__name__,
        "name": place or "%s.%s" % (type(cache).__module__, type(cache).__qualname__),
        "place": place,
        "file": None,
        "line": None,
        "hits": None,
        "misses": None,
        "entries": dict.__len__(data),
        "bound": bound if type(bound) in (int, float) else None,
        "address": "%#x" % id(cache),
    }
