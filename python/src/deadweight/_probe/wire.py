"""Lines of JSON, without importing `json`, which costs a program 6 ms at its start.

The C parts of the standard library's own module do the work; where there are none (PyPy) the module itself does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

try:
    from _json import encode_basestring_ascii as _quote
    from _json import make_scanner as _make_scanner
except ImportError:
    _quote = None  # type: ignore[assignment]
    _make_scanner = None  # type: ignore[assignment, misc]

#: A request of the tool is a few words; more is not the tool.
LONGEST_REQUEST_BYTES = 64 * 1024
#: An answer that the tool has to buffer whole.
LONGEST_ANSWER_BYTES = 4 * 1024 * 1024


class _Rules:
    """What the scanner asks its decoder for."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    #: From 3.15 on.
    array_hook = None
    parse_float = float
    parse_int = int
    memo: dict[str, str] = {}

    @staticmethod
    def parse_constant(name: str) -> Any:
        raise ValueError(name + " is no JSON")


_RULES: Any = _Rules


def decode(line: bytes) -> dict[str, Any]:
    """One request. Raises ValueError when it is no JSON object."""
    text = line.decode("utf-8").strip()
    if _make_scanner is None:
        import json

        value = json.loads(text)
    else:
        try:
            value, end = _make_scanner(_RULES)(text, 0)
        except (StopIteration, RecursionError):
            raise ValueError("no JSON") from None
        except AttributeError:
            # A later version asks its decoder for more than we know of.
            import json

            value, end = json.loads(text), len(text)
        if end != len(text):
            raise ValueError("words after the JSON")
    if type(value) is not dict:
        raise ValueError("no JSON object")
    return value


def encode(value: Any) -> bytes:
    """One line, in ASCII. Numbers that JSON has no words for become null, other objects their type's name."""
    return (_text(value) + "\n").encode("ascii")


def _text(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return _string(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return repr(value)
    if kind is float:
        return repr(value) if float("-inf") < value < float("inf") else "null"
    if value is None:
        return "null"
    if kind is dict:
        return "{" + ",".join([_string(str(key)) + ":" + _text(each) for key, each in value.items()]) + "}"
    if kind is list or kind is tuple:
        return "[" + ",".join([_text(each) for each in value]) + "]"
    return _string(kind.__name__)


def _string(text: str) -> str:
    if _quote is not None:
        return str(_quote(text))
    import json

    return json.dumps(text)
