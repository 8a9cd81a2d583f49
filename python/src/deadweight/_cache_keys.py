"""Stable keys: the same call has the same key in every process, on every version of Python, and in a Node program.

The encoding is described in docs/cache-keys.md and held to golden vectors by both implementations. A value without
a stable key is an error that names the argument; nothing is ever keyed by `repr`, `pickle` or `id`.
"""

from hashlib import sha256
from typing import Any, Container, Iterable, List, NoReturn, Tuple, Union

from ._cache_keys_classes import children
from ._cache_keys_errors import Place, Refused, UnstableKeyError, locate, sentence_of
from ._cache_keys_options import FAST_TYPES, KeyOptions
from ._cache_keys_plain import size, text
from ._cache_keys_text import readable_of

__all__ = ["DEFAULT_OPTIONS", "FAST_TYPES", "KeyOptions", "UnstableKeyError", "digest", "encode", "readable"]

Parts = Iterable[Tuple[str, Any]]

SCHEMA = 1
DIGEST_BYTES = 16
DEFAULT_OPTIONS = KeyOptions()
_PREFIX = b"deadweight key %d\n" % SCHEMA


def encode(
    value: object, *, argument: str = "value", options: KeyOptions = DEFAULT_OPTIONS, function: str = ""
) -> bytes:
    """The canonical bytes of one argument: equal values of one type have equal bytes, all others different ones.

    Raises `UnstableKeyError` that names `function`, `argument` and the place inside it. Linear in the value's size.
    """
    writers = options.writers
    try:
        return bytes(writers[type(value)](value, writers, 0))
    except Refused as refusal:
        _refuse(value, refusal, argument, options, function)


def digest(parts: Parts, *, options: KeyOptions = DEFAULT_OPTIONS, function: str = "") -> bytes:
    """The key of a call, 16 bytes: the start of the SHA-256 of the schema and of all (name, value), in any order.

    The call must be bound to its signature, with defaults filled in. Raises `UnstableKeyError`.
    """
    writers = options.writers
    pieces: List[bytes] = []
    for name, value in parts:
        try:
            pieces.append(b"s" + text(name) + writers[type(value)](value, writers, 0))
        except Refused as refusal:
            _refuse(value, refusal, name, options, function)
    pieces.sort()
    return sha256(_PREFIX + b"d" + size(len(pieces)) + b"".join(pieces)).digest()[:DIGEST_BYTES]


def readable(
    parts: Parts,
    limit: int = 120,
    redact: Union[bool, Container[str]] = True,
    *,
    options: KeyOptions = DEFAULT_OPTIONS,
) -> str:
    """The call for people, `user=42, lang='en'`, in at most `limit` characters.

    Values are shown only on request: `redact=True` leaves their types, a container of names hides these alone.
    """
    encoded = [(name, encode(value, argument=name, options=options)) for name, value in parts]
    if isinstance(redact, bool):
        return readable_of(encoded, limit, lambda name: bool(redact))
    names = redact
    return readable_of(encoded, limit, lambda name: name in names)


def _refuse(value: object, refusal: Refused, argument: str, options: KeyOptions, function: str) -> NoReturn:
    writers = options.writers
    try:
        place = locate(value, refusal, lambda each: writers[type(each)](each, writers, 0), children)
    except RecursionError:
        place = Place("", refusal.what, refusal.fix)
    # Without the chain: what happened inside the encoder helps nobody.
    raise UnstableKeyError(sentence_of(function, argument, place), function, argument, place.path) from None
