"""What the caches that a command concerns have done before it and since, in each process that we read the stream for.

A process says so in its row of the members, with its receipt. So the audit log has a hit ratio, the bill of a dry run its entries, and the
guard of a canary its figures, from every host. Hits of processes that share a table are those up to their last load.
"""

import os
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Optional, Tuple
from weakref import WeakKeyDictionary

from .._cache import layout, registry
from .._cache.names import names_in
from .._cache.slots import slot_of

if TYPE_CHECKING:
    from .._cache.store import Store
    from .host_reader import HostReader

#: Nobody is watched longer, whatever is asked.
_LONGEST_WATCH = 3600.0
#: For how long a row says what was seen before, when nobody watches: the command reads it at once.
_SAID_SECONDS = 30.0
_NANOSECONDS_IN_MS = 1e6

Name = Tuple[int, int]


class Counts(NamedTuple):
    """What caches have done: monotonically growing, or a difference of two such."""

    hits: int = 0
    loads: int = 0
    load_ms: float = 0.0
    errors: int = 0

    def since(self, before: "Counts") -> "Counts":
        """One that was emptied meanwhile has begun to count anew."""
        return Counts(*(now if now < then else now - then for now, then in zip(self, before)))

    def plus(self, other: "Counts") -> "Counts":
        return Counts(*(a + b for a, b in zip(self, other)))


class Look(NamedTuple):
    """One cache of one process at one moment."""

    process: Name
    counts: Counts
    #: At the last change from outside that the process has seen, how many it has seen, and when that was (seconds since 1970).
    mark: Counts
    changes: int
    marked_at: float
    entries: int


class Sightings:
    """Of the last command that asked for them."""

    def __init__(self) -> None:
        self._own: "WeakKeyDictionary[Store, Tuple[Counts, int, float]]" = WeakKeyDictionary()
        self._began = time()
        self._changes = 0
        self._op = ""
        self._of = ""
        self._is_known = False
        self._before: Dict[Any, Look] = {}
        self._until = 0.0
        self._watched_until = 0.0
        self._mark()

    def begin(self, said: "Dict[bytes, bytes]", processes: "List[Name]", reader: "Optional[HostReader]") -> None:
        """An entry of the stream is about to be applied; `said` are its words.

        A command waits for the receipt, so that nothing is read from /proc: each look there may cost a turn of the interpreter.
        """
        op, of, watch = (said.get(word, b"").decode("utf-8", "replace") for word in (b"by", b"of", b"watch"))
        if of and op != self._op:
            self._op, self._of = op, of
            self._before = dict(self._looks(processes, reader))
            self._is_known = _is_known(of, reader)
        if of:
            self._watched_until = monotonic() + min(_seconds(watch), _LONGEST_WATCH)
            self._until = max(self._watched_until, monotonic() + _SAID_SECONDS)
        if said.get(b"kind") != b"look" and reader is None:
            self._mark()

    def is_watched(self) -> bool:
        """Whether somebody waits for fresh figures."""
        return self._watched_until > monotonic()

    def said(self, processes: "List[Name]", reader: "Optional[HostReader]") -> "Dict[Name, Dict[str, Any]]":
        """For the row of each process, by pid and start; nothing when nobody has asked lately. Without a reader there is one process."""
        if self._until <= monotonic():
            return {}
        found: Dict[Name, List[Tuple[Any, Look]]] = {process: [] for process in processes}
        for key, look in self._looks(processes, reader):
            found.setdefault(look.process if reader is not None else processes[0], []).append((key, look))
        return {process: self._of_process(looks) for process, looks in found.items()}

    def _of_process(self, looks: "List[Tuple[Any, Look]]") -> "Dict[str, Any]":
        before, since, total = Counts(), Counts(), Counts()
        seconds = 0.0
        for key, now in looks:
            total = total.plus(now.counts)
            then = self._before.get(key)
            if then is None:
                continue
            # A process that has seen the change has marked its counters exactly there.
            end = now.mark if now.changes != then.changes else then.counts
            before = before.plus(end.since(then.mark))
            seconds = max(seconds, time() - then.marked_at)
            if now.changes != then.changes:
                since = since.plus(now.counts.since(now.mark))
        return {
            "op": self._op,
            "known": self._is_known,
            "entries": sum(look.entries for _, look in looks),
            "loads": total.loads,
            "loadMs": total.load_ms,
            "before": {"hits": before.hits, "calls": before.hits + before.loads, "seconds": round(seconds, 3)},
            "since": {"hits": since.hits, "loads": since.loads, "loadMs": since.load_ms, "errors": since.errors},
        }

    def _looks(self, processes: "List[Name]", reader: "Optional[HostReader]") -> "List[Tuple[Any, Look]]":
        return self._own_looks() if reader is None else _looks_of_host(reader, processes, slot_of(self._of))

    def _own_looks(self) -> "List[Tuple[Any, Look]]":
        looks = []
        for store in registry.stores():
            if self._of in store.scopes:
                mark, changes, at = self._own.get(store, (Counts(), 0, self._began))
                looks.append((id(store), Look((0, 0), _counts_of(store), mark, changes, at, len(store.entries))))
        return looks

    def _mark(self) -> None:
        self._changes += 1
        for store in registry.stores():
            self._own[store] = (_counts_of(store), self._changes, time())


def _is_known(scope: str, reader: "Optional[HostReader]") -> bool:
    """Whether a cache here has this scope, used or not. Which tags there are is not known before they are used."""
    if scope.startswith("tag:") or any(scope in store.scopes for store in registry.stores()):
        return True
    return reader is not None and scope in names_in(os.path.dirname(reader.host.path))


def _counts_of(store: "Store") -> Counts:
    info = store.info()
    return Counts(info.hits, info.misses, store.tally.load_nanoseconds / 1e6, store.tally.load_errors)


def _looks_of_host(reader: "HostReader", processes: "List[Name]", slot: int) -> "List[Tuple[Any, Look]]":
    """Of these processes of the table, from the rows of figures."""
    words = reader.host.words
    meant = set(processes)
    looks = []
    pids = words[layout.FIGURES_AT : layout.TOTAL_WORDS : layout.FIGURE_WORDS].tolist()
    for at in [layout.FIGURES_AT + row * layout.FIGURE_WORDS for row, pid in enumerate(pids) if pid]:
        process = (words[at], words[at + 1])
        if process not in meant or slot not in words[at + 2 : at + 5].tolist():
            continue
        counts, mark = (
            Counts(words[start], words[start + 1], words[start + 2] / _NANOSECONDS_IN_MS, words[start + 3])
            for start in (at + 5, at + 12)
        )
        looks.append(
            ((at, *process), Look(process, counts, mark, words[at + 11], words[at + 16] / 1000, words[at + 9]))
        )
    return looks


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0
