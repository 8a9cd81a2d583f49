"""The entries of one cache: in order of use, within their bounds, valid only while their tokens are.

Lookups of the generated wrapper go straight to `entries`; everything that is not a plain hit comes here.
"""

import threading
from collections import OrderedDict
from time import monotonic
from typing import Any, Callable, Dict, Hashable, List, NamedTuple, Optional, Sequence, Set

from . import registry
from . import slots as _slots
from .entry import Entry
from .flights import Flights
from .instances import Instances
from .policy import Policy
from .sketch import Sketch
from .tally import Tally

_FOREVER = float("inf")


class CacheInfo(NamedTuple):
    """As that of functools.lru_cache."""

    hits: int
    misses: int
    maxsize: Optional[int]
    currsize: int


class Store:
    """Entries, counters and loads under way of one decorated function."""

    def __init__(self, policy: Policy, function: Optional[Callable[..., Any]] = None) -> None:
        self.policy = policy
        #: As the program says it; `policy` may differ by what was set from outside.
        self.declared = policy
        #: Least recently used first.
        self.entries: "OrderedDict[Hashable, Entry]" = OrderedDict()
        self.bytes = 0
        self.tally = Tally()
        #: `next(counter)` counts without a lock: it is one C call.
        self.hits = self.tally.hits
        self.refreshes = 0
        #: What is cached, so that who finds this store in the heap can say its name and line. None: a store of its own.
        self.function = function
        #: Global names of the wrapper; `words` among them is replaced when the process joins others.
        self.names: Dict[str, Any] = {}
        self.instances = Instances(self.forget)
        self.flights = Flights(policy.single_flight) if policy.single_flight is not None else None
        #: Loads of coroutine functions that are under way.
        self.tasks: Dict[Any, Any] = {}
        self._lock = threading.RLock()
        self._refreshing: Set[Hashable] = set()
        self.scopes = policy.scopes()
        self._common = [_slots.slot_of(scope) for scope in self.scopes]
        #: Stops keeping and answering: every call loads.
        self.bypassed = False
        #: Word 0 when settings were last looked at.
        self._looked = 0
        #: Entries neither end nor come nor go, but for clears.
        self.frozen = False
        self.sketch = Sketch() if policy.curve else None
        #: Told when an option changes that the wrapper's code depends on.
        self.on_policy: Optional[Callable[[Policy], None]] = None

    def find(self, key: Hashable, scopes: Sequence[int]) -> Optional[Entry]:
        """The entry of a key when it may be answered with, or None. Takes what is void out."""
        self._look()
        entry = self.entries.get(key)
        if entry is None or self.bypassed:
            return None
        # The lease first: what is found current is a quick hit for all threads until it expires.
        if self.policy.tier is not None and not self._extend(entry):
            return None
        if not self.is_current(entry, scopes):
            self.remove(key, entry)
            return None
        if entry.expires <= monotonic() and not self.frozen:
            return None
        self._touch(key)
        return entry

    def is_confirmed(self) -> bool:
        """False while it is not known whether a clear from elsewhere is outstanding: then nothing kept is an answer."""
        return self.policy.tier is None or self.policy.tier.lease_end() > monotonic()

    def _extend(self, entry: Entry) -> bool:
        """Lets an entry be answered with for the rest of the lease; False when that is over."""
        until = self.policy.tier.lease_end()
        if until <= monotonic():
            # In a child of a fork it still has the lease of the parent.
            entry.expires = 0.0
            self.policy.tier.count("unconfirmed")
            return False
        entry.expires = min(entry.ends, until)
        return True

    def _look(self) -> None:
        """Obeys settings that were changed from outside: each change of them changes word 0, and with it ends quick hits."""
        now = _slots.table.words[0]
        if now != self._looked and registry.on_change is not None:
            self._looked = now
            registry.on_change()

    def is_current(self, entry: Entry, scopes: Sequence[int]) -> bool:
        """True while no scope of the entry was cleared. Remembers it until the next clear of anything."""
        table = _slots.table
        # Before the tokens: a clear in between leaves `seen` behind, and they are compared again.
        now = table.words[0]
        if entry.seen == now:
            return True
        if entry.tokens != table.tokens(scopes):
            return False
        entry.seen = now
        return True

    def slots_of(self, key_scopes: Sequence[str]) -> List[int]:
        """The words of an entry's scopes: those of the cache, then its own."""
        return self._common + [_slots.slot_of(scope) for scope in key_scopes] if key_scopes else self._common

    def load(self, key: Hashable, scopes: Sequence[int], call: Callable[[], Any], instance: Any) -> Any:
        """Loads and keeps. The tokens are taken before the loader starts: that is what makes a clear certain."""
        if self.flights is None or self.bypassed or not self.is_confirmed():
            return self._load_and_keep(key, scopes, call, instance)
        tokens = _slots.table.tokens(scopes)
        return self.flights.run(key, tokens, lambda: self._load_and_keep(key, scopes, call, instance))

    def _load_and_keep(self, key: Hashable, scopes: Sequence[int], call: Callable[[], Any], instance: Any) -> Any:
        ticket = self.ticket(scopes)
        self.tally.begin()
        started = monotonic()
        try:
            value = call()
        except BaseException as error:
            seconds = monotonic() - started
            if isinstance(error, self.policy.cache_errors):
                self.keep(key, self.entry(ticket, None, error), instance)
            self.loaded(seconds, True)
            raise
        seconds = monotonic() - started
        self.keep(key, self.entry(ticket, value, None, call), instance)
        self.loaded(seconds, False)
        return value

    def loaded(self, seconds: float, failed: bool) -> None:
        """A load has ended, in the entries or not."""
        self.tally.end(seconds, failed)
        if registry.on_load is not None:
            registry.on_load(self)

    def ticket(self, scopes: Sequence[int]) -> "tuple[int, Any]":
        """What is current before a load: word 0 first, then the tokens."""
        table = _slots.table
        return table.words[0], table.tokens(scopes)

    def entry(self, ticket: "tuple[int, Any]", value: Any, error: Optional[BaseException], call: Any = None) -> Entry:
        seen, tokens = ticket
        entry = Entry(value, error, seen, tokens)
        entry.expires = entry.ends = self.policy.expiry(error is not None)
        if self.policy.tier is not None:
            # What the tier had is not young any more.
            entry.ends = min(entry.ends, getattr(call, "ends", _FOREVER))
            entry.expires = min(entry.ends, self.policy.tier.lease_end())
        return entry

    def keep(self, key: Hashable, entry: Entry, instance: Any) -> None:
        """Puts an entry in and what is too much out. An entry that is void already is found out at its first hit."""
        if self.bypassed or self.frozen or self.policy.maxsize == 0:
            return
        if self.policy.max_bytes is not None:
            entry.size = self._size_of(entry.value)
            if entry.size > self.policy.max_bytes:
                return
        if self.policy.weak and entry.error is None:
            entry.value = _weak(entry.value)
            if entry.value is None:
                return
        with self._lock:
            before = self.entries.pop(key, None)
            if before is not None:
                self.bytes -= before.size
            self.entries[key] = entry
            self.bytes += entry.size
            if instance is not None:
                entry.instance = instance
                instance.keys.add(key)
            self._evict()

    def _size_of(self, value: Any) -> int:
        if self.policy.size is not None:
            return int(self.policy.size(value))
        from deadweight import sizeof

        return sizeof(value)

    def _evict(self) -> None:
        maxsize, max_bytes = self.policy.maxsize, self.policy.max_bytes
        while self.entries and (
            (maxsize is not None and len(self.entries) > maxsize) or (max_bytes is not None and self.bytes > max_bytes)
        ):
            key, entry = self.entries.popitem(last=False)
            self._let_go(key, entry)
            self.tally.evict()

    def _let_go(self, key: Hashable, entry: Entry) -> None:
        self.bytes -= entry.size
        if entry.instance is not None:
            entry.instance.keys.discard(key)

    def _touch(self, key: Hashable) -> None:
        try:
            self.entries.move_to_end(key)
        except KeyError:
            # Another thread has just taken it out.
            pass

    def remove(self, key: Hashable, entry: Entry) -> None:
        """Takes out this entry, not one that came in its place."""
        with self._lock:
            if self.entries.get(key) is entry:
                del self.entries[key]
                self._let_go(key, entry)

    def forget(self, keys: "Set[Hashable]") -> None:
        """Takes out the entries of an instance that is gone. May run in the middle of anything."""
        with self._lock:
            for key in list(keys):
                entry = self.entries.pop(key, None)
                if entry is not None:
                    self.bytes -= entry.size

    def stale(self, key: Hashable, scopes: Sequence[int]) -> Optional[Entry]:
        """An entry that is over its time but not yet over its grace, or None. Never one that was cleared."""
        entry = self.entries.get(key)
        grace = self.policy.stale_while_revalidate
        if entry is None or not grace or entry.error is not None or not self.is_current(entry, scopes):
            return None
        return entry if monotonic() < entry.ends + grace and self.is_confirmed() else None

    def refresh(self, key: Hashable, scopes: Sequence[int], call: Callable[[], Any], instance: Any) -> None:
        """Loads anew in a thread of its own; one at a time for each key."""
        with self._lock:
            if key in self._refreshing:
                return
            self._refreshing.add(key)

        def run() -> None:
            try:
                self._load_and_keep(key, scopes, call, instance)
                self.refreshes += 1
            except Exception:  # The stale entry stays until its grace is over; then a caller gets the error itself.
                pass
            finally:
                with self._lock:
                    self._refreshing.discard(key)

        threading.Thread(target=run, name="deadweight refresh", daemon=True).start()

    def info(self) -> CacheInfo:
        hits, misses = self.tally.calls()
        return CacheInfo(hits, misses, self.policy.maxsize, len(self.entries))

    def clear(self) -> None:
        """Clears this cache in all its threads: also what is being loaded now will not be answered with afterwards."""
        scope = "fn:" + self.policy.name
        try:
            if self.policy.tier is not None:
                self.policy.tier.clear(scope)
        finally:
            _slots.table.renew([scope])
            self.empty()

    def empty(self) -> None:
        """Frees the entries and begins to count anew."""
        with self._lock:
            for entry in self.entries.values():
                if entry.instance is not None:
                    entry.instance.keys.clear()
            self.entries.clear()
            self.bytes = 0
            self.tally.begin_anew()
            self.refreshes = 0

    def resize(self, maxsize: Optional[int], max_bytes: Optional[int] = None) -> None:
        """Other bounds from now on; what is too much goes at once."""
        with self._lock:
            self.policy = self.policy._replace(maxsize=maxsize, max_bytes=max_bytes)
            self._evict()

    def obey(self, policy: Policy, frozen: bool, bypassed: bool) -> None:
        """Other options from now on."""
        with self._lock:
            changed = policy != self.policy
            self.policy, self.frozen, self.bypassed = policy, frozen, bypassed
            if bypassed:
                self.empty()
            self._evict()
        if changed and self.on_policy is not None:
            self.on_policy(policy)

    def after_fork(self) -> None:
        """In the child: locks may be held by threads that are not there."""
        self._lock = threading.RLock()
        self._refreshing = set()
        self.tasks = {}
        if self.flights is not None:
            self.flights.forget()


def _weak(value: Any) -> Any:
    import weakref

    try:
        return weakref.ref(value)
    except TypeError:
        return None
