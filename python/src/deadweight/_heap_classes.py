"""What classes say of themselves, read without running a line of the program: looks go past what it may override."""

from __future__ import annotations

import functools
import gc
import types
import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

type_dict = type.__dict__["__dict__"].__get__
type_mro = type.__dict__["__mro__"].__get__
type_bases = type.__dict__["__bases__"].__get__
type_base = type.__dict__["__base__"].__get__
_type_flags = type.__dict__["__flags__"].__get__ if "__flags__" in type.__dict__ else None
_type_module = type.__dict__["__module__"].__get__
_type_name = type.__dict__["__qualname__"].__get__
_get_referents = gc.get_referents
CELL = type((lambda value: lambda: value)(0).__closure__[0])  # type: ignore[index]
LRU_CACHE: Any = type(functools.lru_cache(maxsize=1)(lambda: None))


def bases_of(kind: type) -> tuple[type, ...]:
    mro = type_mro(kind)
    return mro if type(mro) is tuple else (kind,)


def flags_of(kind: type) -> int:
    """As CPython keeps them; elsewhere as if all were on the heap and known to the collector."""
    return _type_flags(kind) if _type_flags is not None else (1 << 9) | (1 << 14)


def name_of(kind: type) -> tuple[str, str]:
    """Module and qualified name, as text whatever the program has put there."""
    module = _type_module(kind)
    return (module if type(module) is str else "?"), str(_type_name(kind))


def look_up(mro: tuple[type, ...], name: str) -> Any:
    for base in mro:
        own = type_dict(base)
        if name in own:
            return own[name]
    return None


def is_written_in_python(value: Any) -> bool:
    return isinstance(value, (types.FunctionType, classmethod, staticmethod, property))


def is_array(kind: type) -> bool:
    return name_of(kind) == ("numpy", "ndarray")


_ROLES: dict[type, str] = {
    types.ModuleType: "module",
    types.FunctionType: "function",
    types.MethodType: "method",
    types.CodeType: "code",
    CELL: "cell",
    types.FrameType: "frame",
    types.GeneratorType: "generator",
    types.AsyncGeneratorType: "generator",
    types.CoroutineType: "coroutine",
    types.TracebackType: "traceback",
    types.MappingProxyType: "mappingproxy",
    str: "str",
    bytes: "bytes",
    int: "int",
    float: "float",
    property: "property",
    type(None): "none",
    type: "type",
    BaseException: "exception",
    LRU_CACHE: "lru-cache",
}


def role_of(kind: type, mro: tuple[type, ...]) -> str:
    """What a path needs to know about the type."""
    if kind is bool:
        return "plain"
    for base in mro:
        if base in _ROLES:
            return _ROLES[base]
    module, name = name_of(kind)
    if name == "_lru_list_elem":
        return "lru-link"
    for base in mro:
        module, name = name_of(base)
        if name in ("ReferenceType", "weakref") and module in ("weakref", "builtins"):
            return "weakref"
        if name == "_local" and module == "_thread":
            return "thread-local"
        if name == "Context" and module in ("_contextvars", "builtins"):
            return "context"
    return "plain"


def namespace_of(kind: type) -> Any:
    """The dict behind the `__dict__` of a class; None where it cannot be had (PyPy)."""
    found = _get_referents(type_dict(kind))
    return found[0] if found and type(found[0]) is dict else None


def subclass_lists(objects: list[Any]) -> dict[int, Any]:
    """Dicts that classes know their subclasses by (`tp_subclasses`), by the address of the class.

    Their keys are addresses of classes, their values weak references; the collector does not list them at the class. One
    pass, 0.1 s per million objects.
    """
    listed = [each for each in objects if type(each) is dict and each]
    lists = [each for each in listed if type(next(iter(dict.values(each)))) is weakref.ref]
    by_keys = {tuple(each): each for each in lists if type(next(iter(each))) is int}
    owned = [(id(kind), by_keys.get(tuple(map(id, type.__subclasses__(kind))))) for kind in all_classes()]
    return {address: own for address, own in owned if own is not None}


def all_classes() -> list[type]:
    """All classes there are, as their bases know them."""
    found: dict[int, type] = {}
    waiting: list[type] = [object]
    while waiting:
        kind = waiting.pop()
        if id(kind) not in found:
            found[id(kind)] = kind
            waiting.extend(type.__subclasses__(kind))
    return list(found.values())
