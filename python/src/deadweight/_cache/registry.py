"""The caches of this process, so that a clear, a fork or a shared table reaches them all."""

import os
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, List, Optional, Tuple

from . import slots as _slots
from .slots import SlotTable

if TYPE_CHECKING:
    from .store import Store

_lock = threading.Lock()
_stores: "weakref.WeakSet[Store]" = weakref.WeakSet()
#: Called when word 0 of a shared table is found changed: settings may be new.
on_change: Optional[Callable[[], None]] = None
#: Called after each load of a cache of a process that has joined.
on_load: "Optional[Callable[[Store], None]]" = None
#: Called with each cache that is declared after this process has joined.
on_add: "Optional[Callable[[Store], None]]" = None
#: Called with each cache that is declared after a server has said what is set.
on_declare: "Optional[Callable[[Store], None]]" = None


def add(store: "Store", names: Dict[str, Any]) -> None:
    """Registers a cache. `names` are the globals of its wrapper; `words` among them is kept up to date.

    The store has them, not this module: they hold the store, and a function that is cached would never go.
    """
    with _lock:
        names["words"] = _slots.table.words
        store.names = names
        _stores.add(store)
    if on_add is not None:
        on_add(store)
    if on_declare is not None:
        on_declare(store)


def stores() -> "List[Store]":
    """All caches that are still alive, by name."""
    with _lock:
        return sorted(_stores, key=lambda store: store.policy.name)


def use(table: SlotTable) -> None:
    """Reads tokens from another table from now on. Entries of before are void: their tokens are not in it."""
    with _lock:
        _slots.table = table
        for store in _stores:
            store.names["words"] = table.words


def clear(*scopes: str) -> "List[Tuple[int, int, int]]":
    """Clears scopes in this process; what it answers takes the clear back when it is given to `undo`."""
    return _slots.table.renew(scopes)


def undo(changes: "Iterable[Tuple[int, int, int]]") -> List[int]:
    """Takes a clear back: entries that still lie there are answers again. Answers the slots that were cleared since."""
    return _slots.table.restore(changes)


def _after_fork() -> None:
    global _lock
    _lock = threading.Lock()
    for store in list(_stores):
        store.after_fork()
    host = sys.modules.get("deadweight._cache.host")
    joined = host.current() if host is not None else None
    if joined is not None:
        joined.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
