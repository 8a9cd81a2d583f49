"""Which texts of the program are kept: names only. Keys that are identifiers or small numbers, files of modules, names
of functions; all texts when the user asked for values. What looks like a credential is never kept.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._heap_stream import Stream

_LONGEST_NAME = 80
_LONGEST_VALUE = 200
#: Longer ones may identify a person.
_LARGEST_NUMBER = 1_000_000_000
_REMEMBERED = 1 << 18
_KEY_PREFIXES = ("sk_", "pk_", "rk_", "ghp_", "gho_", "ghs_", "github_pat_", "xox", "AKIA", "ASIA", "eyJ", "glpat")
_SECRET_PREFIXES = _KEY_PREFIXES + ("npm_", "AIza", "hf_")
_SHORTEST_TOKEN = 16
_LONG_RUN = 20


class NameKeeper:
    """Writes texts of keys, modules and code objects as they are met."""

    def __init__(self, stream: Stream, values: bool) -> None:
        self._stream = stream
        self._values = values
        self._seen: set[int] = set()

    def keep(self, each: Any, role: str, found: list[Any]) -> None:
        if role == "dict":
            self._keys(found[::2])
        elif role == "module":
            self._module(found)
        elif role == "code":
            self._code(each)
        elif role == "function" and sys.version_info < (3, 11):
            self._stream.line(code=id(each.__code__), qualname=str(each.__qualname__))

    def keep_values(self, leaves: list[Any]) -> None:
        if not self._values:
            return
        for each in leaves:
            if type(each) is str:
                self._text(each, each[:_LONGEST_VALUE])
            elif type(each) is int:
                self._text(each, repr(each)[:_LONGEST_VALUE])

    def _keys(self, keys: list[Any]) -> None:
        seen = self._seen
        if len(seen) > _REMEMBERED:
            seen.clear()
        for key in keys:
            if id(key) in seen:
                continue
            seen.add(id(key))
            if type(key) is str:
                if is_name(key):
                    self._text(key, key)
            elif type(key) is int and -_LARGEST_NUMBER < key < _LARGEST_NUMBER:
                self._text(key, repr(key))

    def thread_keys(self, idents: list[Any]) -> None:
        """Long integers that name threads in a registry of them."""
        for ident in idents:
            self._text(ident, repr(ident))

    def _module(self, found: list[Any]) -> None:
        own = next((each for each in found if type(each) is dict), {})
        for name in ("__name__", "__file__"):
            value = own.get(name)
            if type(value) is str and (is_name(value) or _is_source(value)):
                self._text(value, value)

    def _code(self, code: Any) -> None:
        free = code.co_freevars
        self._stream.line(
            code=id(code),
            name=str(code.co_name),
            qualname=str(getattr(code, "co_qualname", code.co_name)),
            file=str(code.co_filename),
            firstLine=code.co_firstlineno,
            freeVariables=list(free),
            parameters=list(code.co_varnames[: code.co_argcount]),
        )

    def _text(self, each: Any, text: str) -> None:
        self._stream.text(id(each), text.encode("utf-8", "replace"))


def is_name(text: str) -> bool:
    """An identifier in ASCII, or several joined by dots, that does not look like a credential."""
    if len(text) > _LONGEST_NAME or not text.isascii():
        return False
    if not text.isidentifier() and not all(map(str.isidentifier, text.split("."))):
        return False
    return len(text) < _SHORTEST_TOKEN or not looks_like_secret(text)


def looks_like_secret(text: str) -> bool:
    """As `looksLikeSecret` of the tool (src/base/secrets.ts): known beginnings, long runs of letters and digits mixed."""
    if text.startswith(_SECRET_PREFIXES):
        return True
    run = digits = 0
    for letter in text:
        run = run + 1 if letter.isalnum() else 0
        digits = 0 if run == 0 else digits + letter.isdigit()
        if run >= _LONG_RUN and digits >= 4:
            return True
    return False


def _is_source(text: str) -> bool:
    return text.startswith("/") and len(text) <= _LONGEST_VALUE and text.endswith((".py", ".pyc", ".so"))
