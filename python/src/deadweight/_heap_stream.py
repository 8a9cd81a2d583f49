"""The stream that a heap is written to from inside: blocks of flat arrays, in the order in which objects are met.

docs/snapshot-inside.md describes it byte by byte. Nothing is kept but the block that is being filled, so the memory
it takes does not depend on the size of the heap.
"""

from __future__ import annotations

import os
import sys
from array import array

from ._probe import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

MAGIC = b"\x89DWHEAP\n"
VERSION = 1
LINES, NODES, TEXTS, END = 1, 2, 3, 255
#: Lines and texts are handed on when there are as many bytes of them.
_FULL_BYTES = 1 << 18


class Stream:
    """Writes blocks to a descriptor. `breathe` is called before each of them and may raise to end the writing."""

    def __init__(self, descriptor: int, breathe: Callable[[], None]) -> None:
        if sys.byteorder != "little":
            raise OSError("a heap can be written from inside on little-endian machines only")
        self._descriptor = descriptor
        self._breathe = breathe
        self._lines: list[bytes] = []
        self._lines_bytes = 0
        self._text_of: list[int] = []
        self._text_lengths: list[int] = []
        self._texts: list[bytes] = []
        self._texts_bytes = 0
        self.nodes = 0
        self.edges = 0
        self._write(MAGIC + VERSION.to_bytes(8, "little"))

    def line(self, **row: Any) -> None:
        """A row of a small table."""
        line = wire.encode(row)
        self._lines.append(line)
        self._lines_bytes += len(line)
        if self._lines_bytes >= _FULL_BYTES:
            self._end_lines()

    def text(self, address: int, text: bytes) -> None:
        """The text of the object at `address`, in UTF-8."""
        self._text_of.append(address)
        self._text_lengths.append(len(text))
        self._texts.append(text)
        self._texts_bytes += len(text)
        if self._texts_bytes >= _FULL_BYTES:
            self._end_texts()

    def objects(self, columns: Columns) -> None:
        """One block of objects. What their types and shapes are has been said in lines before."""
        self._end_lines()
        count, edges = len(columns.address), len(columns.target)
        parts = (columns.address, columns.size, columns.refcount, columns.target)
        halves = (columns.type, columns.shape, columns.degree)
        self._block(NODES, count, edges, [part.tobytes() for part in parts] + [half.tobytes() for half in halves])
        self.nodes += count
        self.edges += edges

    def finish(self, **summary: Any) -> None:
        """What is known when all is written. `end` has to follow."""
        self.line(summary=dict(summary, nodes=self.nodes, edges=self.edges))
        self._end_lines()
        self._end_texts()

    def _end_lines(self) -> None:
        if self._lines:
            self._block(LINES, len(self._lines), 0, self._lines)
            self._lines, self._lines_bytes = [], 0

    def _end_texts(self) -> None:
        if self._texts:
            head = [array("Q", self._text_of).tobytes(), array("I", self._text_lengths).tobytes()]
            self._block(TEXTS, len(self._texts), 0, head + self._texts)
            self._text_of, self._text_lengths, self._texts, self._texts_bytes = [], [], [], 0

    def _block(self, kind: int, rows: int, edges: int, parts: list[bytes]) -> None:
        self._breathe()
        self._write(_framed(kind, rows, edges, b"".join(parts)))

    def _write(self, data: bytes) -> None:
        _write_all(self._descriptor, data)


def end(descriptor: int, **facts: Any) -> None:
    """The last block. A stream without it was cut off, and is of no use."""
    _write_all(descriptor, _framed(END, 0, 0, wire.encode(facts)))


def _framed(kind: int, rows: int, edges: int, content: bytes) -> bytes:
    head = [number.to_bytes(8, "little") for number in (kind, rows, edges, len(content))]
    return b"".join(head) + content


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


class Columns:
    """A block of objects while it is being filled."""

    __slots__ = ("address", "size", "refcount", "type", "shape", "degree", "target")

    def __init__(self) -> None:
        self.address = array("Q")
        self.size = array("Q")
        self.refcount = array("Q")
        self.target = array("Q")
        self.type = array("I")
        self.shape = array("I")
        self.degree = array("I")
