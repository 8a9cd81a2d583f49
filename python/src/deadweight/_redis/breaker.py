"""Leaves a server alone that fails, so that callers do not wait for it one after the other."""

import logging
import random
import threading
from time import monotonic

#: Failures in a row until it is left alone.
_FAILURES = 3
_FIRST_SECONDS = 0.5
_MOST_SECONDS = 15.0

log = logging.getLogger("deadweight.redis")


class Breaker:
    """Open: nothing is sent. After a while one caller tries; when that succeeds, all may."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = _FIRST_SECONDS
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= _FAILURES

    def allows(self) -> bool:
        """Whether this caller may send. The one that tries after a pause has the next pause before it, in case it fails."""
        if self._failures < _FAILURES:
            return True
        with self._lock:
            now = monotonic()
            if now < self._until:
                return False
            self._until = now + self._pause
            return True

    def succeeded(self) -> None:
        if self._failures:
            with self._lock:
                was_open, self._failures, self._pause = self.is_open, 0, _FIRST_SECONDS
            if was_open:
                log.warning("%s answers again: the shared tier is in use", self._shown)

    def failed(self, error: BaseException) -> None:
        with self._lock:
            was_open = self.is_open
            self._failures += 1
            if self.is_open:
                # Not all processes at the same moment.
                self._until = monotonic() + self._pause * (0.5 + random.random() / 2)
                self._pause = min(self._pause * 2, _MOST_SECONDS)
        if self.is_open and not was_open:
            log.warning("%s has failed %d times (%s): the shared tier is bypassed", self._shown, _FAILURES, error)
