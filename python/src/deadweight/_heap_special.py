"""Fields of the types whose references the collector does not list, or lists without those that matter."""

from __future__ import annotations

import gc
import types

from ._heap_classes import flags_of, namespace_of, type_base, type_bases, type_mro
from ._heap_members import MEMBER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from ._heap_types import TypeTable

_get_referents = gc.get_referents


def _type_fields(table: TypeTable, kind: type) -> list[tuple[str, Any]]:
    named = [
        ("__subclasses__", table.subclasses.get(id(kind))),
        ("__dict__", namespace_of(kind)),
        ("__mro__", type_mro(kind)),
        ("__bases__", type_bases(kind)),
        ("__base__", type_base(kind)),
    ]
    known = {id(value) for _, value in named}
    meta = type(kind)
    # Static types are not known to the collector, and have no other fields that it would list.
    others = [each for each in _get_referents(kind) if id(each) not in known]
    if flags_of(meta) & (1 << 9) and meta not in others:
        others.append(meta)
    rest = [("__class__" if each is meta else "", each) for each in others]
    return [(name, value) for name, value in named + rest if value is not None]


_CODE_FIELDS = [
    name
    for name in ("co_name", "co_qualname", "co_filename", "co_consts", "co_names", "co_varnames", "co_freevars", "co_cellvars")
    + ("co_code", "co_linetable", "co_lnotab", "co_exceptiontable")
    if type(types.CodeType.__dict__.get(name)) is MEMBER
]


def _code_fields(_table: TypeTable, code: Any) -> list[tuple[str, Any]]:
    """What the struct holds; what is computed on request is not among the members."""
    return [(name, types.CodeType.__dict__[name].__get__(code)) for name in _CODE_FIELDS]


def _array_fields(_table: TypeTable, array: Any) -> list[tuple[str, Any]]:
    """Of a numpy array: whose memory it looks at. Elements that are objects are listed by the caller."""
    own = type(array).__dict__ if "base" in type(array).__dict__ else {}
    base = own["base"].__get__(array) if "base" in own else None
    return [] if base is None else [("base", base)]


#: Roles whose fields the collector does not list, or lists without those that matter.
SPECIAL: dict[str, Callable[[TypeTable, Any], list[tuple[str, Any]]]] = {
    "type": _type_fields,
    "code": _code_fields,
    "ndarray": _array_fields,
}
