"""Single flight: of several callers that miss the same key at the same time one loads, the others wait for it.

A flight is known by its key *and* the tokens its loader started with: a caller that comes after a clear never gets what was
begun before it. Waiting ends after a limit, and a loader that calls itself with the same key loads again instead of waiting
for itself. A child of a fork has nobody else's flights.
"""

import os
import threading
from typing import Any, Callable, Dict, Hashable, Optional, Tuple

from .slots import Tokens

Place = Tuple[Hashable, Tokens]


class Flight:
    """One load that is under way."""

    __slots__ = ("landed", "thread", "value", "error", "pid")

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.thread = threading.get_ident()
        self.pid = os.getpid()
        self.value: Any = None
        self.error: Optional[BaseException] = None


class Flights:
    """The loads of one cache that are under way in this process."""

    __slots__ = ("_lock", "_by_place", "_limit", "waited", "gave_up")

    def __init__(self, limit_seconds: float) -> None:
        self._lock = threading.Lock()
        self._by_place: Dict[Place, Flight] = {}
        self._limit = limit_seconds
        #: Calls that were answered by another's load, and those that waited in vain and loaded themselves.
        self.waited = 0
        self.gave_up = 0

    def run(self, key: Hashable, tokens: Tokens, load: Callable[[], Any]) -> Any:
        """Loads, or waits for who does. What the loader raises, all waiting callers get."""
        place = (key, tokens)
        with self._lock:
            flight = self._by_place.get(place)
            if flight is None:
                flight = self._by_place[place] = Flight()
                is_mine = True
            else:
                is_mine = False
        if is_mine:
            return self._fly(place, flight, load)
        if flight.thread == threading.get_ident() or not flight.landed.wait(self._limit):
            self.gave_up += 1
            return load()
        if flight.error is None:
            self.waited += 1
            return flight.value
        if isinstance(flight.error, Exception):
            self.waited += 1
            raise flight.error
        # Ctrl-C or the end of its thread was meant for the one that loaded, not for those that wait.
        return load()

    def _fly(self, place: Place, flight: Flight, load: Callable[[], Any]) -> Any:
        try:
            flight.value = load()
            return flight.value
        except BaseException as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                if self._by_place.get(place) is flight:
                    del self._by_place[place]
            flight.landed.set()

    def forget(self) -> None:
        """After a fork: the threads that fly are not in this process, and the lock may be held for ever."""
        self._lock = threading.Lock()
        self._by_place = {}
