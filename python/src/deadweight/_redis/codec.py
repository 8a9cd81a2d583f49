"""Values as bytes, and back. What cannot be written so that every reader gets the same is not written; what cannot be read is a miss."""

import hmac
import json
import pickle
import sys
from math import isfinite
from typing import Any, Optional

_SAFE = 2**53
_DEPTH = 100


class Unstorable(Exception):
    """The value stays in this process."""


class Unreadable(Exception):
    """What was found is not for us, or damaged."""


class Codec:
    """`name` is a part of each key, so that two codecs never meet. Subclass it, or give `redis_tier` an object like it."""

    name = ""

    def encode(self, value: Any, key: str) -> bytes:
        """Raises Unstorable."""
        raise NotImplementedError

    def decode(self, content: bytes, key: str) -> Any:
        """Raises Unreadable."""
        raise NotImplementedError


class JsonCodec(Codec):
    """What JSON can say without loss: None, bool, int up to 2**53, finite float, str, list, dict with str keys. Node reads it, too."""

    name = "json"

    def encode(self, value: Any, key: str) -> bytes:
        _check(value, 0)
        text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        return text.encode("ascii")

    def decode(self, content: bytes, key: str) -> Any:
        try:
            return json.loads(content.decode("utf-8"))
        except (ValueError, RecursionError):
            raise Unreadable("no JSON") from None


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if depth > _DEPTH:
        raise Unstorable("deeper than %d levels" % _DEPTH)
    if value is None or kind is bool or kind is str:
        return
    if kind is int and -_SAFE < value < _SAFE:
        return
    if kind is float and isfinite(value):
        return
    if kind is list:
        for each in value:
            _check(each, depth + 1)
    elif kind is dict:
        for name, each in value.items():
            if type(name) is not str:
                raise Unstorable("a key that is no str")
            _check(each, depth + 1)
    else:
        raise Unstorable("%s is nothing that JSON can say without loss" % kind.__qualname__)


class PickleCodec(Codec):
    """Pickles of this version of Python, with a signature over key and content when there is a secret.

    Whoever can write to the server can run code in who unpickles. The signature is compared before anything is unpickled.
    """

    def __init__(self, secret: Optional[bytes]) -> None:
        self._secret = secret
        signed = "unsigned" if secret is None else "signed"
        self.name = "pickle-%s/%d.%d/%d" % (signed, *sys.version_info[:2], pickle.HIGHEST_PROTOCOL)

    def encode(self, value: Any, key: str) -> bytes:
        try:
            content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # Whatever __reduce__ raises.
            raise Unstorable(str(error)) from None
        return self._signature(content, key) + content

    def decode(self, content: bytes, key: str) -> Any:
        length = 0 if self._secret is None else 32
        signature, pickled = content[:length], content[length:]
        if not hmac.compare_digest(signature, self._signature(pickled, key)):
            raise Unreadable("its signature is not by our secret")
        try:
            return pickle.loads(pickled)
        except Exception as error:  # A class of another version: anything may be raised.
            raise Unreadable(str(error)) from None

    def _signature(self, content: bytes, key: str) -> bytes:
        if self._secret is None:
            return b""
        return bytes(hmac.new(self._secret, key.encode("utf-8", "surrogatepass") + b"\n" + content, "sha256").digest())


def choose_codec(codec: Any, secret: "Optional[bytes | str]") -> Any:
    """By name, or the object itself. Raises ValueError."""
    own = secret.encode() if isinstance(secret, str) else secret
    if codec == "pickle" and not own:
        raise ValueError(
            "codec='pickle' needs secret=...: who can write to the server could run code in this process. "
            "Where everybody who can is trusted, say codec='unsigned-pickle'."
        )
    if codec != "pickle" and own is not None:
        raise ValueError("secret signs pickles: it goes with codec='pickle'")
    if codec == "json":
        return JsonCodec()
    if codec in ("pickle", "unsigned-pickle"):
        return PickleCodec(own)
    if all(hasattr(codec, name) for name in ("name", "encode", "decode")):
        return codec
    raise ValueError(
        "codec is 'json', 'pickle', 'unsigned-pickle' or an object with name, encode and decode, not %r" % (codec,)
    )


def sealed(codec: Any, value: Any, key: str) -> bytes:
    """With a head that says how it was written. Raises Unstorable."""
    try:
        content: bytes = codec.encode(value, key)
    except RecursionError:
        raise Unstorable("deeper than Python can go") from None
    return head_of(codec) + content


def head_of(codec: Any) -> bytes:
    """The line before each value: which codec has written it."""
    return b"dw1 %s\n" % str(codec.name).encode()


def opened(codec: Any, content: bytes, key: str) -> Any:
    """Raises Unreadable."""
    head = head_of(codec)
    if not content.startswith(head):
        raise Unreadable("another codec")
    return codec.decode(content[len(head) :], key)
