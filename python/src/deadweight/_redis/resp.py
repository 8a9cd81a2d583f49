"""RESP2, the protocol of Redis and Valkey: commands out, replies in."""

import socket
from typing import Any, List, Sequence, Tuple, Union

Word = Union[bytes, str, int]
Command = Tuple[Word, ...]
_CHUNK = 65_536


class ReplyError(Exception):
    """What the server answered instead of a result. In a pipeline it stands in the place of the reply."""


class Broken(ConnectionError):
    """The connection cannot be used any more: it was closed, or what came is no reply."""


def packed(commands: Sequence[Command]) -> bytes:
    """The bytes of commands, to be sent at once."""
    pieces: List[bytes] = []
    for command in commands:
        pieces.append(b"*%d\r\n" % len(command))
        for word in command:
            content = word if isinstance(word, bytes) else str(word).encode("utf-8", "surrogatepass")
            pieces += (b"$%d\r\n" % len(content), content, b"\r\n")
    return b"".join(pieces)


class Incoming:
    """What a socket receives, by lines and by lengths.

    Not `socket.makefile`: its lock may be held at a fork, by the thread that waits for a reply, and would be so for ever in the child.
    """

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._bytes = bytearray()
        self._at = 0

    def line(self) -> bytes:
        """Without its end. Raises Broken when the connection ends."""
        while True:
            end = self._bytes.find(b"\r\n", self._at)
            if end >= 0:
                found = bytes(self._bytes[self._at : end])
                self._at = end + 2
                return found
            self._receive()

    def take(self, length: int) -> bytes:
        """So many bytes."""
        while len(self._bytes) - self._at < length:
            self._receive()
        found = bytes(self._bytes[self._at : self._at + length])
        self._at += length
        return found

    def _receive(self) -> None:
        if self._at:
            del self._bytes[: self._at]
            self._at = 0
        found = self._source.recv(_CHUNK)
        if not found:
            raise Broken("the server has closed the connection")
        self._bytes += found


def read_reply(stream: Incoming) -> Any:
    """One reply: bytes, int, None, a list, or a ReplyError (not raised). Raises Broken, and what the socket raises."""
    line = stream.line()
    kind, rest = line[:1], line[1:]
    if kind == b"+":
        return rest
    if kind == b"-":
        return ReplyError(rest.decode("utf-8", "replace"))
    if kind == b":":
        return int(rest)
    if kind == b"$":
        length = int(rest)
        return None if length < 0 else stream.take(length + 2)[:-2]
    if kind == b"*":
        count = int(rest)
        return None if count < 0 else [read_reply(stream) for _ in range(count)]
    raise Broken("what the server sent is no reply: %r" % line[:40])
