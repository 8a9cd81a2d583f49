"""A key as people read it, made from its encoding: what is shown is what the key tells apart, and nothing else."""

import re
import struct
from typing import Callable, Dict, Iterator, List, Tuple

# As in src/base/format-printable.ts: what a terminal would obey, or a reader could not see.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BYTE_TYPES = ("bytes", "bytearray", "memoryview")
_CONTAINERS = {"l": "list", "t": "tuple", "d": "dict", "o": "OrderedDict", "e": "set", "z": "frozenset"}
_SCALARS = {"N": "None", "T": "bool", "F": "bool", "i": "int", "f": "float", "s": "str"}
LONGEST_INT_BYTES = 32

_Pieces = Iterator[str]


class _Reader:
    """Reads an encoding from its start to its end; a damaged one ends in an IndexError or a struct.error."""

    def __init__(self, encoding: bytes) -> None:
        self._bytes = encoding
        self._at = 0

    def tag(self) -> str:
        return chr(self.take(1)[0])

    def take(self, count: int) -> bytes:
        content = self._bytes[self._at : self._at + count]
        self._at += count
        return content

    def size(self) -> int:
        total, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            total |= (byte & 127) << shift
            if byte < 128:
                return total
            shift += 7

    def text(self) -> str:
        return self.take(self.size()).decode("utf-8", "surrogatepass")


def text_of(encoding: bytes) -> _Pieces:
    """The text of an encoded value, piece by piece: the reader stops when it has enough."""
    return _value(_Reader(encoding))


def type_of(encoding: bytes) -> str:
    """What stands in the place of a value that is not to be read: `<str>`, `<dict of 3>`, `<User>`."""
    reader = _Reader(encoding)
    tag = reader.tag()
    if tag in _SCALARS:
        return "<%s>" % _SCALARS[tag]
    if tag in _CONTAINERS:
        return "<%s of %d>" % (_CONTAINERS[tag], reader.size())
    if tag in "bB":
        return "<%s>" % _BYTE_TYPES[reader.take(1)[0]]
    return "<%s>" % _printable(reader.text().rpartition(".")[2])


def _printable(text: str) -> str:
    return _UNSAFE.sub(_escape, text)


def _escape(match: "re.Match[str]") -> str:
    character = match.group()
    code = ord(character)
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    return "\\x%02x" % code if code < 0x100 else "\\u%04x" % code if code < 0x10000 else "\\U%08x" % code


def _value(reader: _Reader) -> _Pieces:
    tag = reader.tag()
    if tag in _SCALARS:
        yield _scalar(tag, reader)
    elif tag in "bB":
        yield _bytes(tag, reader)
    else:
        yield from _COMPOSITES[tag](reader)


def _scalar(tag: str, reader: _Reader) -> str:
    if tag == "i":
        count = reader.size()
        if count > LONGEST_INT_BYTES:
            reader.take(count)
            return "<int of %d bytes>" % count
        return str(int.from_bytes(reader.take(count), "big", signed=True))
    if tag == "f":
        return repr(struct.unpack(">d", reader.take(8))[0])
    if tag == "s":
        return "'%s'" % _printable(reader.text().replace("\\", "\\\\").replace("'", "\\'"))
    return {"N": "None", "T": "True", "F": "False"}[tag]


def _bytes(tag: str, reader: _Reader) -> str:
    name = _BYTE_TYPES[reader.take(1)[0]]
    count = reader.size()
    if tag == "B":
        reader.take(32)
        return "<%s of %d bytes>" % (name, count)
    return "%s(%s)" % (name, reader.take(count).hex())


def _items(reader: _Reader, count: int) -> _Pieces:
    for at in range(count):
        if at > 0:
            yield ", "
        yield from _value(reader)


def _list(reader: _Reader) -> _Pieces:
    yield "["
    yield from _items(reader, reader.size())
    yield "]"


def _tuple(reader: _Reader) -> _Pieces:
    count = reader.size()
    yield "("
    yield from _items(reader, count)
    yield ",)" if count == 1 else ")"


def _dict(reader: _Reader) -> _Pieces:
    yield "{"
    for at in range(reader.size()):
        if at > 0:
            yield ", "
        yield from _value(reader)
        yield ": "
        yield from _value(reader)
    yield "}"


def _set(reader: _Reader) -> _Pieces:
    count = reader.size()
    yield "{" if count else "set("
    yield from _items(reader, count)
    yield "}" if count else ")"


def _frozenset(reader: _Reader) -> _Pieces:
    count = reader.size()
    yield "frozenset({" if count else "frozenset("
    yield from _items(reader, count)
    yield "})" if count else ")"


def _in(name: str, inner: Callable[[_Reader], _Pieces]) -> Callable[[_Reader], _Pieces]:
    def write(reader: _Reader) -> _Pieces:
        yield name + "("
        yield from inner(reader)
        yield ")"

    return write


def _short_class(reader: _Reader) -> str:
    return _printable(reader.text().rpartition(".")[2])


def _enum(reader: _Reader) -> _Pieces:
    name = _short_class(reader)
    if reader.tag() == "s":
        yield "%s.%s" % (name, _printable(reader.text()))
    else:
        yield "%s(%s)" % (name, _scalar("i", reader))


def _record(reader: _Reader) -> _Pieces:
    yield _short_class(reader) + "("
    for at in range(reader.size()):
        yield "%s%s=" % (", " if at > 0 else "", _printable(reader.text()))
        yield from _value(reader)
    yield ")"


def _keyed(reader: _Reader) -> _Pieces:
    yield _short_class(reader) + "("
    yield from _value(reader)
    yield ")"


def _extension(reader: _Reader) -> _Pieces:
    yield _printable(reader.text()) + "("
    yield from _items(reader, reader.size())
    yield ")"


_COMPOSITES: Dict[str, Callable[[_Reader], _Pieces]] = {
    "l": _list,
    "t": _tuple,
    "d": _dict,
    "o": _in("OrderedDict", _dict),
    "e": _set,
    "z": _frozenset,
    "E": _enum,
    "R": _record,
    "K": _keyed,
    "x": _extension,
}


def cut(pieces: _Pieces, limit: int) -> str:
    """At most `limit` characters of the pieces; what is cut off shows as an ellipsis."""
    kept: List[str] = []
    length = 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > limit:
            return "".join(kept)[: max(limit - 1, 0)] + "\u2026"
    return "".join(kept)


def readable_of(parts: List[Tuple[str, bytes]], limit: int, hidden: Callable[[str], bool]) -> str:
    """`user=42, lang='en'` of names and encoded values, in their order."""
    return cut(_call(parts, hidden), limit)


def _call(parts: List[Tuple[str, bytes]], hidden: Callable[[str], bool]) -> _Pieces:
    for at, (name, encoding) in enumerate(parts):
        yield "%s%s=" % (", " if at > 0 else "", _printable(name))
        if hidden(name):
            yield type_of(encoding)
        else:
            yield from text_of(encoding)
