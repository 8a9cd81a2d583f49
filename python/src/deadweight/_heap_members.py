"""Descriptors of the places of an instance that the interpreter made: slots, fields of C structs, `__dict__`."""

from __future__ import annotations

import types

from ._heap_classes import CELL, bases_of, flags_of, type_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MEMBER = type(types.FunctionType.__dict__["__closure__"])
_GETSET = type(types.FunctionType.__dict__["__code__"])


def members_of(mro: tuple[type, ...]) -> list[tuple[str, Any]]:
    """Slots, and fields of C structs that their types list."""
    listed = [
        (name, member)
        for base in mro
        for name, member in list(type_dict(base).items())
        if type(member) is MEMBER and name != "__dict__"
    ]
    return listed + _getters(mro)


def is_of_slot(member: Any) -> bool:
    return type(member) is MEMBER and bool(flags_of(member.__objclass__) & (1 << 9))


#: Attributes computed in C that hand out what the object holds, by the type that has them.
_GETTERS: dict[type, tuple[str, ...]] = {
    types.FunctionType: ("__code__", "__defaults__", "__kwdefaults__", "__name__", "__qualname__"),
    CELL: ("cell_contents",),
    BaseException: ("args", "__traceback__", "__context__", "__cause__"),
    types.TracebackType: ("tb_next", "tb_frame"),
    types.BuiltinFunctionType: ("__self__", "__module__"),
    types.FrameType: ("f_back", "f_code", "f_globals", "f_trace"),
    types.GeneratorType: ("gi_code", "gi_frame", "__name__", "__qualname__"),
    types.CoroutineType: ("cr_code", "cr_frame", "__name__", "__qualname__"),
    types.AsyncGeneratorType: ("ag_code", "ag_frame", "__name__", "__qualname__"),
}


def _getters(mro: tuple[type, ...]) -> list[tuple[str, Any]]:
    wanted = [(base, name) for base in mro for name in _GETTERS.get(base, ())]
    found = [(name, type_dict(base).get(name)) for base, name in wanted]
    return [(name, getter) for name, getter in found if type(getter) in (_GETSET, MEMBER)]


def dict_of(mro: tuple[type, ...]) -> Any:
    """The descriptor of `__dict__` that the interpreter made, or None."""
    for base in mro:
        own = type_dict(base).get("__dict__")
        if type(own) is _GETSET or type(own) is MEMBER:
            return own
    return None


def is_harmless(value: Any) -> bool:
    """True when an attribute of the class under a name does not keep the instance's own from being found."""
    if value is None or type(value) is MEMBER:
        return True
    return not any(
        name in type_dict(base) for base in bases_of(type(value)) for name in ("__set__", "__delete__")
    )
