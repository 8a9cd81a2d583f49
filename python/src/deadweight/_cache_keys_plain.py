"""The canonical encoding of built-in types: a tag, a length, the content. docs/cache-keys.md is the format.

A writer takes a value, the table of writers by class and the depth, and returns the bytes. Every encoding is
self-delimiting: none is the beginning of another, so an entry of a dict may be sorted as key and value in one piece.
"""

import struct
from hashlib import sha256
from typing import Any, Callable, Dict, FrozenSet, List, Tuple

from ._cache_keys_errors import Refused

DEEPEST = 100
INLINE_BYTES = 65_536
NOT_A_NUMBER = bytes.fromhex("7ff8000000000000")

Writers = Dict[type, Any]
Writer = Callable[[Any, Writers, int], bytes]


def size(count: int) -> bytes:
    """A length as unsigned LEB128: seven bits a byte, the lowest first."""
    if count < 128:
        return _SIZES[count]
    pieces: List[int] = []
    while count > 127:
        pieces.append(count & 127 | 128)
        count >>= 7
    pieces.append(count)
    return bytes(pieces)


_SIZES = tuple(bytes([count]) for count in range(128))
_STR_HEADS = tuple(b"s" + each for each in _SIZES)
_SMALL_INTS = tuple(b"i\x01" + bytes([value]) for value in range(128))
_pack_float = struct.Struct(">d").pack


def text(value: str) -> bytes:
    """Length and UTF-8 of a text, surrogates passed; without a tag: names of classes and fields."""
    try:
        content = value.encode()
    except UnicodeEncodeError:
        content = value.encode("utf-8", "surrogatepass")
    return size(len(content)) + content


def float_bits(value: float) -> bytes:
    return _pack_float(value) if value == value else NOT_A_NUMBER  # noqa: PLR0124


def buffer(flag: bytes, content: Any) -> bytes:
    """Byte content with its type's flag. A long one enters as its SHA-256: no copy, and encodings stay small."""
    count = len(content)
    if count <= INLINE_BYTES:
        return b"b" + flag + size(count) + bytes(content)
    return b"B" + flag + size(count) + sha256(content).digest()


def extension(kind: str, *values: bytes) -> bytes:
    """A type beyond the basic ones: its kind, and the encoded values that make it up."""
    return b"x" + text(kind) + size(len(values)) + b"".join(values)


def write_none(value: None, writers: Writers, depth: int) -> bytes:
    return b"N"


def write_bool(value: bool, writers: Writers, depth: int) -> bytes:
    return b"T" if value else b"F"


def write_int(value: int, writers: Writers, depth: int) -> bytes:
    if 0 <= value < 128:
        return _SMALL_INTS[value]
    count = value.bit_length() // 8 + 1
    return b"i" + size(count) + value.to_bytes(count, "big", signed=True)


def write_float(value: float, writers: Writers, depth: int) -> bytes:
    return b"f" + (_pack_float(value) if value == value else NOT_A_NUMBER)  # noqa: PLR0124


def write_complex(value: complex, writers: Writers, depth: int) -> bytes:
    return extension("complex", b"f" + float_bits(value.real), b"f" + float_bits(value.imag))


def write_str(value: str, writers: Writers, depth: int) -> bytes:
    try:
        content = value.encode()
    except UnicodeEncodeError:
        content = value.encode("utf-8", "surrogatepass")
    count = len(content)
    if count < 128:
        return _STR_HEADS[count] + content
    return b"s" + size(count) + content


def write_bytes(value: bytes, writers: Writers, depth: int) -> bytes:
    return buffer(b"\x00", value)


def write_bytearray(value: bytearray, writers: Writers, depth: int) -> bytes:
    return buffer(b"\x01", value)


def write_memoryview(value: memoryview, writers: Writers, depth: int) -> bytes:
    content = value.tobytes() if not value.c_contiguous else value.cast("B") if value.nbytes else b""
    if value.format == "B" and value.ndim == 1:
        return buffer(b"\x02", content)
    shape = write_tuple(value.shape or (), writers, depth)
    return extension("memoryview", write_str(value.format, writers, depth), shape, buffer(b"\x00", content))


def deeper(depth: int) -> int:
    """The depth of what a container holds; refuses one that is nested too deep, which is what a cycle looks like."""
    if depth >= DEEPEST:
        fix = "write key=lambda ...: with what the result depends on"
        raise Refused("is nested deeper than %d levels" % DEEPEST, fix)
    return depth + 1


def _sequence_writer(tag: bytes) -> Writer:
    heads = tuple(tag + each for each in _SIZES)

    def write_sequence(value: Any, writers: Writers, depth: int) -> bytes:
        below = deeper(depth)
        pieces = [writers[type(item)](item, writers, below) for item in value]
        count = len(pieces)
        return (heads[count] if count < 128 else tag + size(count)) + b"".join(pieces)

    return write_sequence


write_list = _sequence_writer(b"l")
write_tuple = _sequence_writer(b"t")


def _set_writer(tag: bytes) -> Writer:
    def write_set(value: FrozenSet[Any], writers: Writers, depth: int) -> bytes:
        below = deeper(depth)
        pieces = [writers[type(item)](item, writers, below) for item in value]
        pieces.sort()
        return tag + size(len(pieces)) + b"".join(pieces)

    return write_set


def entries(value: Dict[Any, Any], writers: Writers, below: int) -> List[bytes]:
    """Key and value of each entry in one piece, in the order of the dict."""
    return [
        writers[type(key)](key, writers, below) + writers[type(item)](item, writers, below)
        for key, item in value.items()
    ]


def write_dict(value: Dict[Any, Any], writers: Writers, depth: int) -> bytes:
    pieces = entries(value, writers, deeper(depth))
    pieces.sort()
    return b"d" + size(len(pieces)) + b"".join(pieces)


def write_ordered(value: Dict[Any, Any], writers: Writers, depth: int) -> bytes:
    pieces = entries(value, writers, deeper(depth))
    return b"o" + size(len(pieces)) + b"".join(pieces)


PLAIN_WRITERS: Tuple[Tuple[type, Writer], ...] = (
    (type(None), write_none),
    (bool, write_bool),
    (int, write_int),
    (float, write_float),
    (complex, write_complex),
    (str, write_str),
    (bytes, write_bytes),
    (bytearray, write_bytearray),
    (memoryview, write_memoryview),
    (list, write_list),
    (tuple, write_tuple),
    (dict, write_dict),
    (set, _set_writer(b"e")),
    (frozenset, _set_writer(b"z")),
)
