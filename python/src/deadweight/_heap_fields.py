"""Names of the places through which an object refers to others: slots, attributes, fields of C structs.

`gc.get_referents` says what an object refers to and not how. Here the names are found by identity: an attribute that has
the value is the place. What has no name keeps none; nothing is guessed.
"""

from __future__ import annotations

import functools
import gc
import sys
import types
import weakref
from itertools import repeat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from ._heap_stream import Stream
    from ._heap_types import TypeTable

DICT_LABEL, CLASS_LABEL, UNNAMED_LABEL, _FIRST_LABEL, _LAST_LABEL = 1, 2, 3, 16, 0x7FFF

#: Instances of a class that get a `__dict__` because we ask for it, when the heap is read in the program itself.
_MOST_DICTS = 8

_type_dict = type.__dict__["__dict__"].__get__
_type_mro = type.__dict__["__mro__"].__get__
_type_bases = type.__dict__["__bases__"].__get__
_type_base = type.__dict__["__base__"].__get__
_type_flags = type.__dict__["__flags__"].__get__ if "__flags__" in type.__dict__ else None
_type_module = type.__dict__["__module__"].__get__
_type_name = type.__dict__["__qualname__"].__get__
_attribute = object.__getattribute__
_get_referents = gc.get_referents
_MEMBER = type(types.FunctionType.__dict__["__closure__"])
_GETSET = type(types.FunctionType.__dict__["__code__"])
#: Attributes as they are kept from 3.11 on: beside the object, and in a dict only when somebody asks for it.
_MANAGED_DICT = 1 << 4 if sys.version_info >= (3, 11) else 0
#: From 3.13 on they lie in the object itself.
_INLINE_VALUES = 1 << 2
LRU_CACHE: Any = type(functools.lru_cache(maxsize=1)(lambda: None))


def bases_of(kind: type) -> tuple[type, ...]:
    mro = _type_mro(kind)
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
        own = _type_dict(base)
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
    type((lambda value: lambda: value)(0).__closure__[0]): "cell",  # type: ignore[index]
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


_OWN_LABELS = {"__dict__": DICT_LABEL, "__class__": CLASS_LABEL, "": UNNAMED_LABEL}


class FieldNames:
    """Labels of names, by type; each is announced in the stream when it is first used."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._labels: dict[tuple[int, str], int] = {}
        self._next: dict[int, int] = {}

    def label(self, row: int, name: str) -> int:
        if name in _OWN_LABELS:
            return _OWN_LABELS[name]
        known = self._labels.get((row, name))
        if known is not None:
            return known
        label = self._next.get(row, _FIRST_LABEL)
        if label > _LAST_LABEL:
            return UNNAMED_LABEL
        self._next[row] = label + 1
        self._labels[(row, name)] = label
        self._stream.line(field=name, type=row, label=label)
        return label


class LabelledReferences:
    """References of the instances of one type, each with the name of its place.

    Names are looked up once for instances with as many references, and checked for the others: an attribute must have
    the value that the collector lists at its place. Where it does not, names are looked up for that instance.
    """

    def __init__(self, table: TypeTable, kind: type, mro: tuple[type, ...], role: str) -> None:
        self._table = table
        self._kind = kind
        self._role = role
        self._members = _members(mro)
        self._slots = sum(_is_of_slot(member) for _, member in self._members)
        self._dict = _dict_of(mro)
        self._is_managed = bool(flags_of(kind) & _MANAGED_DICT)
        self._mro = mro
        self._dicts_made = 0
        #: Bytes beside the object that `sys.getsizeof` leaves out, by number of references.
        self.beside: dict[int, int] = {}
        #: By number of references: shape, names of the first ones, place of the class.
        self._known: dict[int, tuple[int, tuple[str, ...], int]] = {}

    def references(self, each: Any) -> tuple[list[Any], int]:
        found = _get_referents(each)
        known = self._known.get(len(found))
        if known is not None:
            shape, names, class_at = known
            if class_at < 0 or found[class_at] is self._kind:
                try:
                    if list(map(id, map(_attribute, repeat(each), names))) == list(map(id, found[: len(names)])):
                        return found, shape
                except AttributeError:
                    pass
        return self.label(each, found)

    def label(self, each: Any, found: list[Any]) -> tuple[list[Any], int]:
        """`found` with the shape of its names, which are looked up."""
        names = self._names(each, found)
        labels: list[int] = []
        said: list[str] = []
        class_at = -1
        row = self._table.rows[self._kind].index
        for at, value in enumerate(found):
            named = names.get(id(value))
            name = named.pop(0) if named else None
            if name is not None:
                labels.append(self._table.names.label(row, name))
            elif value is self._kind and class_at < 0:
                labels.append(CLASS_LABEL)
                class_at = at
            else:
                labels.append(UNNAMED_LABEL)
            if len(said) == at and name is not None:
                said.append(name)
        shape = self._table.shape(tuple(labels))
        if self._is_managed and (DICT_LABEL not in labels or sys.version_info >= (3, 13)):
            self.beside[len(found)] = _bytes_of_values(sum(label >= _FIRST_LABEL for label in labels) - self._slots)
        checked = tuple(said)
        if self._may_check(checked):
            self._known[len(found)] = (shape, checked, class_at)
        return found, shape

    def _may_check(self, names: tuple[str, ...]) -> bool:
        """Only attributes whose look-up runs no code of the program, and only plain instances."""
        if self._role not in ("plain", "exception") or (self._is_managed and not names):
            return False
        return all(_is_harmless(look_up(self._mro, name)) for name in names)

    def _names(self, each: Any, found: list[Any]) -> dict[int, list[str]]:
        """Names by the identity of what is there."""
        names: dict[int, list[str]] = {}
        listed = set(map(id, found))

        def note(name: str, value: Any) -> None:
            if id(value) in listed:
                names.setdefault(id(value), []).append(name)

        for name, member in self._members:
            try:
                value = member.__get__(each)
            except Exception:
                continue
            # Of a field of C that is empty one is told None, which may be in another field.
            if value is not None or _is_of_slot(member):
                note(name, value)
        for name, value in _locals_of(self._table, each, self._role, found):
            note(name, value)
        nameless = [value for value in found if type(value) is dict and id(value) not in names]
        self._note_attributes(each, bool(nameless), note)
        return names

    def _may_make_dict(self) -> bool:
        """In the program's own process only for the first few, which tell the names of the others."""
        self._dicts_made += 1
        return self._table.may_make_dicts or self._dicts_made <= _MOST_DICTS

    def _note_attributes(self, each: Any, has_dict: bool, note: Callable[[str, Any], None]) -> None:
        if self._dict is None:
            return
        # Asking for a dict that is not there has it made.
        if not has_dict and not (self._is_managed and self._may_make_dict()):
            return
        try:
            own = self._dict.__get__(each)
        except Exception:
            return
        if type(own) is not dict:
            return
        note("__dict__", own)
        if self._is_managed:
            for name, value in own.items():
                if type(name) is str:
                    note(name, value)


def keeps_values_beside(flags: int) -> bool:
    """True where attributes lie in an array of their own that `sys.getsizeof` does not count."""
    return bool(flags & (_MANAGED_DICT if sys.version_info < (3, 13) else _INLINE_VALUES))


def _bytes_of_values(attributes: int) -> int:
    """Room for the attributes and one more, as there is when a class has many instances, and their order in bytes.

    Objects/dictobject.c: new_values of 3.11 and 3.12, _PyInlineValuesSize of 3.13.
    """
    if attributes <= 0 and sys.version_info < (3, 13):
        return 0
    room = max(0, attributes) + 1
    order = (room + 2 + 7) & ~7 if sys.version_info < (3, 13) else 8 + ((room + 7) & ~7)
    return room * 8 + order


def _members(mro: tuple[type, ...]) -> list[tuple[str, Any]]:
    """Slots, and fields of C structs that their types list."""
    listed = [
        (name, member)
        for base in mro
        for name, member in list(_type_dict(base).items())
        if type(member) is _MEMBER and name != "__dict__"
    ]
    return listed + _getters(mro)


def _is_of_slot(member: Any) -> bool:
    return type(member) is _MEMBER and bool(flags_of(member.__objclass__) & (1 << 9))


#: Attributes computed in C that hand out what the object holds, by the type that has them.
_GETTERS: dict[type, tuple[str, ...]] = {
    types.FunctionType: ("__code__", "__defaults__", "__kwdefaults__", "__name__", "__qualname__"),
    type((lambda value: lambda: value)(0).__closure__[0]): ("cell_contents",),  # type: ignore[index]
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
    found = [(name, _type_dict(base).get(name)) for base, name in wanted]
    return [(name, getter) for name, getter in found if type(getter) in (_GETSET, _MEMBER)]


def _dict_of(mro: tuple[type, ...]) -> Any:
    """The descriptor of `__dict__` that the interpreter made, or None."""
    for base in mro:
        own = _type_dict(base).get("__dict__")
        if type(own) is _GETSET or type(own) is _MEMBER:
            return own
    return None


def _is_harmless(value: Any) -> bool:
    """True when an attribute of the class under a name does not keep the instance's own from being found."""
    if value is None or type(value) is _MEMBER:
        return True
    return not any(
        name in _type_dict(base) for base in bases_of(type(value)) for name in ("__set__", "__delete__")
    )


def _locals_of(table: TypeTable, each: Any, role: str, found: list[Any]) -> list[tuple[str, Any]]:
    """Local variables of a frame or of what is suspended in one; cells by what they contain."""
    if role not in ("frame", "generator", "coroutine"):
        return []
    if not table.may_ask_frame():
        return []
    frame = each if role == "frame" else getattr(each, _FRAME_OF.get(type(each), ""), None)
    if frame is None:
        return []
    before = set(map(id, _get_referents(frame)))
    try:
        own = frame.f_locals
        local = list(own.items())
    except Exception:
        return []
    # Up to 3.12 the dict stays in the frame, and what is in it would stay alive.
    if type(own) is dict and id(own) not in before and not table.may_make_dicts:
        own.clear()
    cells = {}
    for value in found:
        if type(value) is _CELL:
            try:
                cells[id(value.cell_contents)] = value
            except ValueError:
                continue
    rows = [(name, value) for name, value in local if type(name) is str]
    return rows + [(name, cells[id(value)]) for name, value in rows if id(value) in cells]


_CELL = type((lambda value: lambda: value)(0).__closure__[0])  # type: ignore[index]
_FRAME_OF = {types.GeneratorType: "gi_frame", types.CoroutineType: "cr_frame", types.AsyncGeneratorType: "ag_frame"}


def namespace_of(kind: type) -> Any:
    """The dict behind the `__dict__` of a class; None where it cannot be had (PyPy)."""
    found = _get_referents(_type_dict(kind))
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


def _type_fields(table: TypeTable, kind: type) -> list[tuple[str, Any]]:
    named = [
        ("__subclasses__", table.subclasses.get(id(kind))),
        ("__dict__", namespace_of(kind)),
        ("__mro__", _type_mro(kind)),
        ("__bases__", _type_bases(kind)),
        ("__base__", _type_base(kind)),
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
    if type(types.CodeType.__dict__.get(name)) is _MEMBER
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
