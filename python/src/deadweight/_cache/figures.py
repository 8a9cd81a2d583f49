"""What each cache of each process has done, in rows of the shared table: the bill of a clear and the guard of a canary read it.

A row is written after each load, so hits since the last load are not in it yet; a hit costs nothing. Where threads load at the
same moment a row may be one load behind.
"""

import threading
from time import time
from typing import TYPE_CHECKING, Dict, Optional
from weakref import WeakKeyDictionary

from . import layout
from .slots import slot_of

if TYPE_CHECKING:
    from .host import Host
    from .store import Store


class Figures:
    """The rows of one process."""

    def __init__(self, host: "Host") -> None:
        self._host = host
        self._entering = threading.Lock()
        #: First word of a store's row; None where there was no room.
        self._rows: "WeakKeyDictionary[Store, Optional[int]]" = WeakKeyDictionary()

    def note(self, store: "Store") -> None:
        """Brings the row of a cache up to date."""
        is_new = False
        if store not in self._rows:
            # Threads whose first loads end at the same moment get one row.
            with self._entering:
                is_new = store not in self._rows
                if is_new:
                    self._rows[store] = self._host.with_lock(lambda: self._enter(store))
        at = self._rows[store]
        if at is None:
            return
        self._write(store, at)
        if is_new:
            # A child of a fork has the counts of its parent.
            self._keep(at)

    def mark(self) -> None:
        """Keeps what was so far beside what comes: something was changed from outside, and somebody may watch what it does."""
        words = self._host.words
        for store, at in list(self._rows.items()):
            if at is None:
                continue
            self._write(store, at)
            self._keep(at)
            words[at + 11] += 1

    def _keep(self, at: int) -> None:
        words = self._host.words
        for word in range(4):
            words[at + 12 + word] = words[at + 5 + word]
        words[at + 16] = int(time() * 1000)

    def _write(self, store: "Store", at: int) -> None:
        words = self._host.words
        info = store.info()
        words[at + 5] = info.hits
        words[at + 6] = info.misses
        words[at + 7] = store.tally.load_nanoseconds
        words[at + 8] = store.tally.load_errors
        words[at + 9] = info.currsize
        # One more than the bytes; 0 where they are not counted.
        words[at + 10] = store.bytes + 1 if store.policy.max_bytes is not None else 0

    def _enter(self, store: "Store") -> Optional[int]:
        """Takes a row that is empty, or that of a process that is no more. The file is locked."""
        from .host import start_ticks

        words, host = self._host.words, self._host
        elsewhere = host.members_elsewhere()
        alive: Dict[int, Optional[int]] = {}
        for row in range(layout.FIGURE_ROWS):
            at = layout.FIGURES_AT + row * layout.FIGURE_WORDS
            pid = words[at]
            if pid:
                if pid not in alive:
                    alive[pid] = start_ticks(pid)
                if alive[pid] == words[at + 1] or (pid, words[at + 1]) in elsewhere:
                    continue
            words[at] = 0
            words[at + 1] = start_ticks(host.pid) or 0
            slots = [slot_of(scope) for scope in store.scopes]
            for word in range(2, layout.FIGURE_WORDS):
                words[at + word] = slots[word - 2] if word - 2 < min(3, len(slots)) else 0
            # The pid last: a row with a pid is whole.
            words[at] = host.pid
            return at
        return None

    def leave(self) -> None:
        """Gives the rows up."""
        for at in self._rows.values():
            if at is not None:
                self._host.words[at] = 0
        self._rows.clear()
