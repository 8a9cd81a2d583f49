"""The writer of a class that is not built in: records, enumerations, arrays, and a user's own `__cache_key__`."""

import sys
from typing import Any, Callable, Iterable, List, Optional, Sequence, Tuple

from ._cache_keys_errors import Refused, label_of_key
from ._cache_keys_plain import Writer, Writers, deeper, size, text, write_int
from ._cache_keys_standard import standard_writer

Field = Tuple[str, Any]
Read = Callable[[Any], Iterable[Field]]


def class_path(cls: type) -> str:
    return "%s.%s" % (cls.__module__, cls.__qualname__)


def find_writer(cls: type, zones: bool) -> Writer:
    """The writer of a class. Raises `Refused` for one whose content is not known."""
    own = getattr(cls, "__cache_key__", None)
    if own is not None:
        return _keyed_writer(cls)
    enumeration = sys.modules.get("enum")
    if enumeration is not None and issubclass(cls, enumeration.Enum):
        return _enum_writer(cls, issubclass(cls, enumeration.Flag))
    standard = standard_writer(cls, zones)
    if standard is not None:
        return standard
    read = record_reader(cls)
    if read is not None:
        return _record_writer(cls, read)
    found = _array_writer(cls)
    if found is not None:
        return found
    from ._cache_keys_refusals import refusal_of

    raise refusal_of(cls)


def _array_writer(cls: type) -> Optional[Writer]:
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "ndarray") and issubclass(cls, (numpy.ndarray, numpy.generic)):
        from ._cache_keys_arrays import array_writer

        return array_writer(cls)
    if cls.__module__.partition(".")[0] == "pandas":
        from ._cache_keys_frames import frame_writer

        return frame_writer(cls)
    return None


def _keyed_writer(cls: type) -> Writer:
    head = b"K" + text(class_path(cls))

    def write_keyed(value: Any, writers: Writers, depth: int) -> bytes:
        below = deeper(depth)
        key = cls.__cache_key__(value)  # type: ignore[attr-defined]
        return head + bytes(writers[type(key)](key, writers, below))

    return write_keyed


def _enum_writer(cls: type, is_flag: bool) -> Writer:
    path = text(class_path(cls))

    # The name of a combination of flags is not the same in all versions; its number is.
    def write_flag(value: Any, writers: Writers, depth: int) -> bytes:
        return b"E" + path + write_int(int(value.value), writers, depth)

    def write_enum(value: Any, writers: Writers, depth: int) -> bytes:
        return b"E" + path + b"s" + text(value.name)

    return write_flag if is_flag else write_enum


def _record_writer(cls: type, read: Read) -> Writer:
    head = b"R" + text(class_path(cls))

    def write_record(value: Any, writers: Writers, depth: int) -> bytes:
        below = deeper(depth)
        pieces: List[bytes] = []
        add = pieces.append
        for name, item in read(value):
            add(text(name))
            add(writers[type(item)](item, writers, below))
        return head + size(len(pieces) // 2) + b"".join(pieces)

    return write_record


def record_reader(cls: type) -> Optional[Read]:
    """How the fields of a record that count for equality are read, in declared order; None where it is no record."""
    mine = cls.__dict__
    # Inherited is not enough: a plain subclass may have attributes that nobody declared.
    if "__dataclass_fields__" in mine:
        return _attributes([each.name for each in mine["__dataclass_fields__"].values() if _counts(each)])
    if "__attrs_attrs__" in mine:
        return _attrs_reader(mine["__attrs_attrs__"])
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _named_tuple_reader(cls)
    if hasattr(cls, "__pydantic_fields__") or hasattr(cls, "__fields_set__"):
        return _pydantic_reader(cls)
    return None


def _counts(field: Any) -> bool:
    # Class variables and init-only variables are pseudo-fields; only real ones are values.
    return bool(field.compare) and field._field_type.name == "_FIELD"


def _attributes(names: Sequence[str]) -> Read:
    def read(value: Any) -> Iterable[Field]:
        return [(name, getattr(value, name)) for name in names]

    return read


def _attrs_reader(attributes: Iterable[Any]) -> Read:
    chosen = [(each.name, getattr(each, "eq_key", None)) for each in attributes if each.eq]
    if all(key is None for _, key in chosen):
        return _attributes([name for name, _ in chosen])

    def read(value: Any) -> Iterable[Field]:
        both = [(name, key, getattr(value, name)) for name, key in chosen]
        return [(name, item if key is None else key(item)) for name, key, item in both]

    return read


def _named_tuple_reader(cls: type) -> Read:
    names: Tuple[str, ...] = cls._fields  # type: ignore[attr-defined]

    def read(value: Any) -> Iterable[Field]:
        if getattr(value, "__dict__", None):
            raise Refused(
                "is a named tuple with more attributes than its fields", "give its class a __cache_key__ method"
            )
        return zip(names, tuple.__iter__(value))

    return read


def _pydantic_reader(cls: type) -> Read:
    # In the order of its declaration; what was set beyond the fields counts for equality as well.
    declared: Any = getattr(cls, "__pydantic_fields__", None) or getattr(cls, "__fields__", None) or {}
    names = list(declared)

    def read(value: Any) -> Iterable[Field]:
        fields = [(name, value.__dict__[name]) for name in names if name in value.__dict__]
        for more in ("__pydantic_extra__", "__pydantic_private__"):
            others = getattr(value, more, None)
            fields.extend(sorted(others.items()) if others else ())
        return fields

    return read


def children(value: Any) -> Iterable[Tuple[str, Any]]:
    """What a value's encoding is made of, each with its label: the way a refusal is followed down."""
    cls = type(value)
    if getattr(cls, "__cache_key__", None) is not None:
        return [(".__cache_key__()", cls.__cache_key__(value))]
    if isinstance(value, dict):
        keys = [(" key %d" % at, key) for at, key in enumerate(value)]
        return keys + [(label_of_key(key, at), item) for at, (key, item) in enumerate(value.items())]
    read = record_reader(cls)
    if read is not None:
        return [("." + name, item) for name, item in read(value)]
    if isinstance(value, (set, frozenset)):
        return [(" member", item) for item in value]
    deque = getattr(sys.modules.get("collections"), "deque", list)
    if isinstance(value, (list, tuple, deque)):
        return [("[%d]" % at, item) for at, item in enumerate(value)]
    return []
