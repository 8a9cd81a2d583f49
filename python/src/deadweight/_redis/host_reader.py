"""One reader of the stream for all processes that have joined a table: who it is, how far it has come, and its lease, in the table's head."""

import fcntl
import os
import random
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, List, Optional, Set, Tuple

from .._cache import layout
from .._cache.host import start_ticks

if TYPE_CHECKING:
    from .._cache.host import Host


class HostReader:
    """What processes of this host know of each other's reading. `stream` names it: a table knows one."""

    def __init__(self, host: "Host", stream: str) -> None:
        self.host = host
        #: Of the stream; never 0.
        self.identity = _word_of(stream)
        self._fd = os.open(
            os.path.join(os.path.dirname(host.path), "redis-reader"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        self._is_mine = False
        self._published = 0
        self._dead: "Set[Tuple[int, int]]" = set()

    def abandon(self) -> None:
        """In a child: the lock is the parent's, as long as the parent has it open."""
        os.close(self._fd)

    def is_mine(self) -> bool:
        """Whether this process is the reader; it becomes it when nobody is."""
        if not self._is_mine:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._is_mine = True
            except OSError:
                pass
        return self._is_mine

    def lease_end(self) -> float:
        """In seconds of the monotonic clock; 0 when there is none for our stream."""
        words = self.host.words
        if words[layout.READER_AT] != self.identity:
            return 0.0
        until = words[layout.READER_AT + 1] / 1e9
        # A word of another boot, or half of one: no lease is that long.
        return until if until < monotonic() + layout.LONGEST_LEASE_SECONDS else 0.0

    def position(self, source: str) -> "Optional[Tuple[int, int]]":
        """How far the readers of this host have come in this life of the server's data; None when that is not known."""
        words = self.host.words
        at = layout.READER_AT
        if words[at] != self.identity or words[at + 4] != _word_of(source):
            return None
        return words[at + 2], words[at + 3]

    def publish(self, until: float, position: "Tuple[int, int]", source: str) -> None:
        """Everything up to `position` is in the table."""
        words, at = self.host.words, layout.READER_AT
        if words[at] != self.identity or words[at + 4] != _word_of(source):
            words[at + 1] = 0
            words[at] = self.identity
        words[at + 4] = 0
        words[at + 2], words[at + 3] = position
        words[at + 4] = _word_of(source)
        # Somebody else reads, too. Two that stand in at once must not both stop.
        is_second = 0 < self._published < words[at + 1] and random.random() < 0.5
        # The lease last: whoever finds it finds the rest.
        words[at + 1] = int(until * 1e9)
        self._published = 0 if is_second else words[at + 1]

    def begins_settings(self, text: bytes) -> bool:
        """Whether this state of the server's settings is not yet in the table; it is taken to be from now on."""
        words, word = self.host.words, _word_of("%d %s" % (self.identity, text.decode("utf-8", "replace")))
        if words[layout.READER_AT + 5] == word:
            return False
        words[layout.READER_AT + 5] = word
        return True

    def is_standing_in(self) -> bool:
        """Whether this process was the last to publish: nobody else reads now."""
        return self._published != 0 and self.host.words[layout.READER_AT + 1] == self._published

    def withdraw(self) -> None:
        """No entry of this host is an answer until the next `publish`."""
        words, at = self.host.words, layout.READER_AT
        if words[at] == self.identity:
            words[at + 4] = 0
            words[at + 1] = 0

    def processes(self, is_urgent: bool) -> "List[Tuple[int, int]]":
        """Pid and start of the processes of this table that live. Urgent: of those that lived when there was time to look, and new ones."""
        words = self.host.words
        pids = words[layout.MEMBERS_AT : layout.SETTINGS_AT : layout.MEMBER_WORDS].tolist()
        starts = words[layout.MEMBERS_AT + 1 : layout.SETTINGS_AT : layout.MEMBER_WORDS].tolist()
        found = {(pid, start) for pid, start in zip(pids, starts) if pid}
        if not is_urgent:
            self._dead = {each for each in found if start_ticks(each[0]) != each[1]}
        return sorted(found - self._dead)


def _word_of(text: str) -> int:
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "little") or 1
