"""Does a call leave something behind each time? Rounds of calls, each half as long again as the one before.

A cache that fills, a lazy import, a pool that warms up grow in some rounds and stop: the first round in which nothing
grows that grew in all rounds before ends the search. What grows in every round, and not ever slower, is a leak.
"""

import gc
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from ._guard_counts import Counts, name_of_type, newest_of, size_of, take_counts
from ._guard_paths import BOUNDED_RESULT, CACHED_RESULT, paths_to

#: A round may grow by this much more slowly per call than the first ones before it counts as levelling off.
_SLOWEST_SHARE = 0.4
#: Objects or entries: less than one in twenty calls is not proved within the rounds there are.
_LEAST_PER_CALL = 0.05
#: Pages come in lumps: the process must grow by this much in each round, and by this much per call.
_LEAST_ROUND_BYTES = 16 * 1024
_LEAST_BYTES_PER_CALL = 64

#: Amounts by the id of a container or type.
Series = Dict[int, Tuple[int, ...]]


class Settings(NamedTuple):
    """How long to search."""

    calls: int = 10
    warmup: int = 10
    rounds: int = 10


class Growth(NamedTuple):
    """One thing that grew in every round."""

    #: "container", "objects" or "memory".
    kind: str
    #: Path from a module, or name of the type, or what memory it is.
    name: str
    #: Type of the container; unit otherwise.
    what: str
    before: int
    after: int
    calls: int
    #: Path to one of the objects; None for what is not objects.
    holder: Optional[str] = None

    @property
    def per_call(self) -> float:
        """Growth per call over all rounds."""
        return (self.after - self.before) / self.calls


class Outcome(NamedTuple):
    """What the rounds showed; `growths` is empty when some round did not grow."""

    growths: List[Growth]
    rounds: int
    calls: int


def search(call: Callable[[], None], settings: Settings, roots: Callable[[], Dict[str, Any]] = dict) -> Outcome:
    """Calls until a round does not grow, or all rounds did.

    `roots` are values that hold things beside the modules, by name. Errors of `call` pass through. Costs the calls plus
    one count of all objects per round.
    """
    for _ in range(settings.warmup):
        call()
    return _Search(settings, roots).run(call)


class _Search:
    """Candidates only ever become fewer, and so do the objects of the search itself, which counts itself, too."""

    def __init__(self, settings: Settings, roots: Callable[[], Dict[str, Any]]) -> None:
        self._settings = settings
        self._roots = roots
        self._rounds: Tuple[int, ...] = ()
        #: Amounts before the first and after each round, of what grew in every round so far.
        self._sizes: Series = {}
        self._types: Series = {}
        self._memory: Tuple[int, ...] = ()

    def run(self, call: Callable[[], None]) -> Outcome:
        calls = self._settings.calls
        take_counts()
        before = take_counts()
        self._memory = (before.memory_bytes,)
        for number in range(self._settings.rounds):
            for _ in range(calls):
                call()
            after = take_counts()
            self._rounds += (calls,)
            self._sizes = _still_growing(self._sizes, before.sizes, after.sizes, number == 0)
            self._types = _still_growing(self._types, before.by_type, after.by_type, number == 0)
            self._memory = self._memory_series(before, after, calls)
            if not self._sizes and not self._types and not self._memory:
                return Outcome([], len(self._rounds), sum(self._rounds))
            before = after
            calls += max(1, calls // 2)
        del before, after
        return Outcome(self._growths(), len(self._rounds), sum(self._rounds))

    def _memory_series(self, before: Counts, after: Counts, calls: int) -> Tuple[int, ...]:
        grown = after.memory_bytes - before.memory_bytes
        enough = grown >= max(_LEAST_ROUND_BYTES, calls * _LEAST_BYTES_PER_CALL)
        return self._memory + (after.memory_bytes,) if enough and self._memory else ()

    def _growths(self) -> List[Growth]:
        sizes = {each: amounts for each, amounts in self._sizes.items() if self._keeps_pace(amounts)}
        types = {each: amounts for each, amounts in self._types.items() if self._keeps_pace(amounts)}
        containers = [each for each in gc.get_objects() if id(each) in sizes]
        samples = newest_of(set(types))
        ours = {id(each) for each in (self, self.__dict__, self._sizes, self._types, sizes, types, containers, samples)}
        found = paths_to([*containers, *samples.values()], ours, self._roots())
        # What a cache with a bound holds fills it, and stops, if not within these rounds.
        paths = {address: path for address, path in found.items() if BOUNDED_RESULT not in path}
        growths = [
            self._growth("container", paths[id(each)], name_of_type(type(each)), sizes[id(each)])
            for each in containers
            # The dict inside an lru_cache says the same as the cache itself.
            if id(each) in paths
            and not paths[id(each)].endswith(CACHED_RESULT)
            and size_of(each, type(each)) is not None
        ]
        for kind, sample in samples.items():
            # Held by no module and no fixture: by the test's or the framework's frames, as long as the test runs.
            if id(sample) in paths:
                objects = self._growth("objects", name_of_type(type(sample)), "objects", types[kind])
                growths.append(objects._replace(holder=paths[id(sample)]))
        if self._memory and self._keeps_pace(self._memory):
            growths.append(self._growth("memory", "memory of the process", "bytes", self._memory))
        return sorted(growths, key=lambda each: (each.kind != "container", each.kind == "memory", -each.per_call))

    def _growth(self, kind: str, name: str, what: str, amounts: Tuple[int, ...]) -> Growth:
        return Growth(kind, name, what, amounts[0], amounts[-1], sum(self._rounds))

    def _keeps_pace(self, amounts: Tuple[int, ...]) -> bool:
        """Per call it grew in the second half of the rounds not much less than in the first, and often enough."""
        changes = [after - before for before, after in zip(amounts, amounts[1:])]
        if sum(changes) / sum(self._rounds) < _LEAST_PER_CALL:
            return False
        half = max(1, len(changes) // 2)
        early = sum(changes[:half]) / sum(self._rounds[:half])
        late = sum(changes[half:]) / sum(self._rounds[half:]) if changes[half:] else early
        return late >= early * _SLOWEST_SHARE


def _still_growing(series: Series, before: Dict[int, int], after: Dict[int, int], is_first: bool) -> Series:
    """What grew in this round, too. What did not exist before the first round is new, not grown."""
    if is_first:
        return {each: (before[each], now) for each, now in after.items() if each in before and now > before[each]}
    return {each: (*amounts, after[each]) for each, amounts in series.items() if after.get(each, 0) > amounts[-1]}
