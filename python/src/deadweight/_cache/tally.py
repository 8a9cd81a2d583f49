"""What a cache has counted, in memory that stays where it is: the `deadweight` command reads it from outside while the program runs."""

from array import array
from itertools import count
from typing import Tuple

#: Places in `words`; src/cpython/cache-counters.ts says the same.
_LOADS, _LOAD_NANOSECONDS, _LOAD_ERRORS, _FORGOTTEN_HITS, _FORGOTTEN_LOADS, _EVICTIONS = range(6)
_WORDS = 6
_NANOSECONDS = 1e9


class Tally:
    """Counters of one cache. They only grow; `begin_anew` remembers where it was, so that nobody outside sees them fall."""

    __slots__ = ("hits", "words")

    def __init__(self) -> None:
        #: `next(hits)` counts without a lock: it is one C call.
        self.hits = count()
        #: 64-bit numbers.
        self.words = array("q", bytes(8 * _WORDS))

    def begin(self) -> None:
        """A load begins."""
        self.words[_LOADS] += 1

    def end(self, seconds: float, failed: bool) -> None:
        self.words[_LOAD_NANOSECONDS] += int(seconds * _NANOSECONDS)
        self.words[_LOAD_ERRORS] += failed

    def evict(self) -> None:
        """An entry was thrown out for want of room."""
        self.words[_EVICTIONS] += 1

    @property
    def evictions(self) -> int:
        return self.words[_EVICTIONS]

    @property
    def load_nanoseconds(self) -> int:
        return self.words[_LOAD_NANOSECONDS]

    @property
    def load_errors(self) -> int:
        """Loads that raised."""
        return self.words[_LOAD_ERRORS]

    def calls(self) -> Tuple[int, int]:
        """Hits and misses since it began anew."""
        words = self.words
        return _counted(self.hits) - words[_FORGOTTEN_HITS], words[_LOADS] - words[_FORGOTTEN_LOADS]

    def begin_anew(self) -> None:
        self.words[_FORGOTTEN_HITS] = _counted(self.hits)
        self.words[_FORGOTTEN_LOADS] = self.words[_LOADS]


def _counted(counter: "count[int]") -> int:
    """How often `next` was called. The text of a counter says it; asking otherwise would count."""
    return int(repr(counter)[len("count(") : -1])
