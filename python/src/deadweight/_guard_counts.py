"""What a repeated call may leave behind, counted: objects by type, container sizes, memory of the process."""

import collections
import ctypes
import functools
import gc
import sys
from typing import Any, Callable, Dict, NamedTuple, Optional, Set

LRU_CACHE = type(functools.lru_cache()(lambda: None))
_SIZED = (dict, list, set, collections.deque)


class Counts(NamedTuple):
    """One look at the process after a full collection."""

    #: Objects the collector knows, by the id of their type: a type kept here would keep all it holds alive.
    by_type: Dict[int, int]
    #: Entries of each container, by id; ids of dead containers may come again, so only paths are reported.
    sizes: Dict[int, int]
    #: Bytes only this process has; resident bytes where the system does not tell.
    memory_bytes: int
    #: Memory blocks of Python's own allocator.
    blocks: int


def take_counts() -> Counts:
    """Collects until nothing more falls, gives free memory back to the system, counts. O(objects)."""
    for _ in range(3):
        if gc.collect() == 0:
            break
    _trim()
    memory_bytes, blocks = _own_memory(), sys.getallocatedblocks()
    by_type: Dict[int, int] = collections.Counter()
    sizes: Dict[int, int] = {}
    for each in gc.get_objects():
        kind = type(each)
        by_type[id(kind)] += 1
        size = size_of(each, kind)
        if size is not None:
            sizes[id(each)] = size
    return Counts(by_type, sizes, memory_bytes, blocks)


def size_of(value: Any, kind: type) -> Optional[int]:
    """Entries of a container or an `lru_cache`; None for anything else, and for what has a bound: it fills, and stops.

    Runs no code of the value's class.
    """
    if kind is dict or kind is list or kind is set:
        return len(value)
    if kind is collections.deque:
        return len(value) if value.maxlen is None else None
    if kind is LRU_CACHE:
        return None if is_bounded_cache(value) else int(value.cache_info().currsize)
    for base in _SIZED:
        # Not isinstance: that asks __class__, which proxies answer for something else.
        if issubclass(kind, base):
            return int(base.__len__(value))
    return None


def is_bounded_cache(value: Any) -> bool:
    """Whether an `lru_cache` function has a `maxsize`."""
    return value.cache_info().maxsize is not None


def _find_trim() -> Optional[Callable[[int], int]]:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None


_malloc_trim = _find_trim()


def _trim() -> None:
    """glibc keeps freed memory; without this its reserves look like growth."""
    if _malloc_trim is not None:
        _malloc_trim(0)


def _own_memory() -> int:
    private = 0
    try:
        with open("/proc/self/smaps_rollup", "rb") as rollup:
            for line in rollup:
                if line.startswith((b"Private_Clean:", b"Private_Dirty:")):
                    private += int(line.split()[1]) * 1024
        return private
    except OSError:
        from ._lines_memory import open_memory_reader

        reader = open_memory_reader()
        return reader.read() * reader.unit_bytes


def newest_of(types: Set[int]) -> Dict[int, Any]:
    """For each type (by id) the object that the collector lists last: most likely one that was left behind."""
    return {id(type(each)): each for each in gc.get_objects() if id(type(each)) in types}


def name_of_type(kind: type) -> str:
    """`module.Class`, without `builtins.`."""
    module, name = kind.__module__, kind.__qualname__
    return name if module == "builtins" else f"{module}.{name}"
