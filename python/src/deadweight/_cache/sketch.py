"""How often a cache would answer with other bounds, from a sample of its keys: for caches that were asked to keep count (`curve=True`).

SHARDS with a fixed size (Waldspurger and others, FAST 2015): a key is sampled when its mixed hash is below a limit, and the limit
falls so that never more than MOST_KEYS keys are kept. Distances among sampled keys, divided by the rate of the sample, are those
among all. As long as fewer keys than that have come, every one is kept and the curve is exact.
"""

import heapq
import math
import threading
from bisect import bisect_left
from typing import Dict, Hashable, List, Tuple

MOST_KEYS = 8192
_WORD = 2**64
#: Odd: 64 bits of the golden ratio. Hashes of small ints are the ints themselves, and must be spread.
_GOLDEN = 0x9E3779B97F4A7C15
_PER_OCTAVE = 8


class Sketch:
    """The sample of one cache."""

    def __init__(self, most: int = MOST_KEYS) -> None:
        self._most = most
        self._limit = _WORD
        #: When each sampled key was last used; the clock counts uses.
        self._last: Dict[int, int] = {}
        #: The same times, ascending.
        self._times: List[int] = []
        #: Sampled keys, negated: the largest is the first to go.
        self._largest: List[int] = []
        self._clock = 0
        self._calls = 0
        #: Calls by the octave part of their distance; each sampled one stands for as many as the rate says.
        self._counts: Dict[int, float] = {}
        self._new = 0.0
        self._lock = threading.Lock()

    def use(self, key: Hashable) -> None:
        """Counts a call. Where another thread is counting it is left out: it is a sample."""
        if not self._lock.acquire(False):
            return
        try:
            self._calls += 1
            mixed = hash(key) * _GOLDEN % _WORD
            if mixed < self._limit:
                self._count(mixed)
        finally:
            self._lock.release()

    def _count(self, mixed: int) -> None:
        rate = self._limit / _WORD
        before = self._last.get(mixed)
        self._clock += 1
        if before is None:
            self._new += 1 / rate
            heapq.heappush(self._largest, -mixed)
        else:
            at = bisect_left(self._times, before)
            part = _part_of((len(self._times) - at) / rate)
            self._counts[part] = self._counts.get(part, 0.0) + 1 / rate
            del self._times[at]
        self._last[mixed] = self._clock
        self._times.append(self._clock)
        while len(self._last) > self._most:
            self._limit = -heapq.heappop(self._largest)
            del self._times[bisect_left(self._times, self._last.pop(self._limit))]

    def curve(self) -> List[Tuple[int, float]]:
        """Bounds, ascending, and the share of calls so far that would have missed with each. Empty before the first call."""
        with self._lock:
            if not self._calls:
                return []
            # Keys with very many calls are in the sample or not: what the sample has too little or too much are calls of such keys,
            # which any cache answers (the adjustment of the same paper).
            hits = self._calls - self._new - sum(self._counts.values())
            points: Dict[int, float] = {}
            for part in sorted(self._counts):
                hits += self._counts[part]
                points[math.ceil(2 ** ((part + 1) / _PER_OCTAVE))] = min(1.0, max(0.0, 1 - hits / self._calls))
            return sorted(points.items())


def _part_of(distance: float) -> int:
    """The part that ends at or above the distance."""
    return max(-1, math.ceil(_PER_OCTAVE * math.log2(distance)) - 1)
