"""The table of tokens: one 64-bit word per scope.

A scope (a function, a namespace, a tag, a slice of keys) has its word by a hash of its name. Two scopes may share a word:
then a clear of one clears both, which is harmless. Word 0 belongs to no scope; it changes with every clear of any, so that
an entry whose `seen` equals it needs no further look. The table may lie in memory that all processes of a host share.
"""

import os
from hashlib import blake2b
from typing import Iterable, List, Sequence, Tuple

#: Words of a table: 512 KiB.
SLOT_COUNT = 65536
_WORD_BYTES = 8

Tokens = Tuple[int, ...]


def slot_of(scope: str) -> int:
    """The word of a scope: 1 to SLOT_COUNT - 1, the same in every process and language.

    The whole digest, cut: other languages have BLAKE2b of 64 bytes only, and shorter ones are not its beginning.
    """
    digest = blake2b(scope.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "little") % (SLOT_COUNT - 1) + 1


def fresh_token() -> int:
    """A token that was never used: 0 is what a word of a new table holds, so it is left out."""
    while True:
        token = int.from_bytes(os.urandom(_WORD_BYTES), "little")
        if token:
            return token


class SlotTable:
    """Words that are read with `table.words[slot]`, the cheapest read there is: 30 ns."""

    __slots__ = ("words",)

    def __init__(self, words: "memoryview | None" = None) -> None:
        #: Of SLOT_COUNT unsigned 64-bit words; private to this process unless given.
        self.words = memoryview(bytearray(SLOT_COUNT * _WORD_BYTES)).cast("Q") if words is None else words

    def tokens(self, slots: Sequence[int]) -> Tokens:
        """What the words hold now."""
        words = self.words
        return tuple([words[slot] for slot in slots])

    def renew(self, scopes: Iterable[str]) -> List[Tuple[int, int, int]]:
        """Clears scopes: gives each word a fresh token, twice. Answers (slot, token before, token after).

        Twice, because a value may be loaded from another cache that this clear reaches only a moment later: what was
        loaded between the passes is cleared by the second.
        """
        slots = sorted({slot_of(scope) for scope in scopes})
        before = self.tokens(slots)
        for _ in range(2):
            for slot in slots:
                self.words[slot] = fresh_token()
            self.words[0] = fresh_token()
        return list(zip(slots, before, self.tokens(slots)))

    def restore(self, changes: Iterable[Tuple[int, int, int]]) -> List[int]:
        """Takes a clear back where nothing has changed since: entries that still lie there are answers again.

        Answers the slots whose word is another one by now; those stay as they are.
        """
        lost = []
        for slot, before, after in changes:
            if self.words[slot] == after:
                self.words[slot] = before
            else:
                lost.append(slot)
        self.words[0] = fresh_token()
        return lost


#: The table of this process. Replaced when the process joins those of its host.
table = SlotTable()
