"""What is known of each type: its row in the stream, and how the references of its instances are found and named.

No code of the program runs: attributes are read through descriptors written in C, dictionaries and iterators through
the methods of the built-in types themselves.
"""

from __future__ import annotations

import gc
import sys
from itertools import chain

from . import _heap_classes as classes
from . import _heap_fields as fields
from ._heap_special import SPECIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from ._heap_stream import Stream

    #: References of an object, positions first, and the number of the shape that says what the others are.
    References = Callable[[Any], "tuple[list[Any], int]"]

_HEAP_TYPE = 1 << 9
_HAS_COLLECTOR_HEAD = 1 << 14
#: Types of more than that many rows would not fit into a snapshot.
_MOST_TYPES = 65_000
#: Frames whose locals get names when the heap is read in the program itself.
_MOST_FRAMES = 2000

_basic_size = type.__dict__["__basicsize__"].__get__ if "__basicsize__" in type.__dict__ else lambda _kind: 0
_get_referents = gc.get_referents
_pairs = chain.from_iterable
_items = dict.items


class TypeRow:
    """One type. `references` is None when its instances refer to nothing."""

    __slots__ = ("beside", "index", "left_out", "references", "role", "runs_code_for_size", "is_tracked")

    def __init__(self, index: int, role: str) -> None:
        self.index = index
        self.role = role
        self.references: References | None = None
        #: Bytes to add to the size of an instance, by the number of its references.
        self.beside: dict[int, int] | None = None
        #: Bytes that `sys.getsizeof` leaves out of every instance.
        self.left_out = 0
        self.runs_code_for_size = False
        self.is_tracked = False


class TypeTable:
    """Rows by type, announced in the stream when a type is first met. Row 0 stands for what is not known."""

    def __init__(self, stream: Stream, may_make_dicts: bool) -> None:
        """`may_make_dicts`: in a process of our own it does no harm to have `__dict__` objects made."""
        self.stream = stream
        self.rows: dict[type, TypeRow] = {}
        self.leaves: dict[type, int] = {}
        self.shapes: dict[tuple[int, ...], int] = {(): 0}
        self.may_make_dicts = may_make_dicts
        self.names = fields.FieldNames(stream)
        #: By the address of the class; see `classes.subclass_lists`.
        self.subclasses: dict[int, Any] = {}
        self._frames_asked = 0

    def row(self, kind: type) -> TypeRow:
        known = self.rows.get(kind)
        return known if known is not None else self._announce(kind)

    def shape(self, labels: tuple[int, ...]) -> int:
        """Number of a list of labels, those of the last references of an object."""
        known = self.shapes.get(labels)
        if known is None:
            known = len(self.shapes)
            self.shapes[labels] = known
            self.stream.line(shape=known, labels=list(labels))
        return known

    def may_ask_frame(self) -> bool:
        """Asking a frame for its locals leaves a dict, and of a generator a frame: in the program itself not too many."""
        self._frames_asked += 1
        return self.may_make_dicts or self._frames_asked <= _MOST_FRAMES

    def _announce(self, kind: type) -> TypeRow:
        mro = classes.bases_of(kind)
        base = self.row(mro[1]).index if len(mro) > 1 and mro[1] is not kind else -1
        index = len(self.rows) + 1 if len(self.rows) < _MOST_TYPES else 0
        shape, role = _shape_and_role(kind, mro)
        row = TypeRow(index, role)
        self.rows[kind] = row
        flags = classes.flags_of(kind)
        row.is_tracked = bool(flags & _HAS_COLLECTOR_HEAD)
        row.references = self._references(row, kind, mro, shape, flags)
        row.runs_code_for_size = classes.is_written_in_python(classes.look_up(mro, "__sizeof__"))
        if str in mro:
            # Of a subclass it counts the struct of `str` itself, without room for attributes and weak references.
            row.left_out = _basic_size(kind) - _basic_size(str)
        if row.references is None and not row.runs_code_for_size:
            self.leaves[kind] = index
        module, name = classes.name_of(kind)
        if index:
            is_static = not flags & _HEAP_TYPE
            self.stream.line(
                type=index, address=id(kind), name=name, module=module, base=base, shape=shape, role=role, isStatic=is_static
            )
        return row

    def _references(self, row: TypeRow, kind: type, mro: tuple[type, ...], shape: str, flags: int) -> References | None:
        exact = _EXACT.get(kind)
        if exact is not None:
            return exact
        special = SPECIAL.get(row.role)
        if special is not None:
            return _special(self, kind, special)
        if shape == "fields" and not flags & _HAS_COLLECTOR_HEAD:
            return None if not flags & _HEAP_TYPE else _class_only(self, kind)
        elements = next((_ELEMENTS[each] for each in mro if each in _ELEMENTS), None)
        labelled = fields.LabelledReferences(self, kind, mro, row.role)
        row.beside = labelled.beside if fields.keeps_values_beside(flags) else None
        return labelled.references if elements is None else _with_elements(labelled, elements)


def _with_elements(labelled: fields.LabelledReferences, elements: Callable[[Any], list[Any]]) -> References:
    """Elements first, then what a subclass has besides: attributes, slots, its class."""

    def references(each: Any) -> tuple[list[Any], int]:
        positions = elements(each)
        known = set(map(id, positions))
        others = [other for other in _get_referents(each) if id(other) not in known]
        rest, shape = labelled.label(each, others)
        return positions + rest, shape

    return references


def _special(
    table: TypeTable, kind: type, special: Callable[[TypeTable, Any], list[tuple[str, Any]]]
) -> References:
    """Fields that are listed by name, as the collector does not know them."""

    def references(each: Any) -> tuple[list[Any], int]:
        named = special(table, each)
        labels = tuple([table.names.label(table.rows[kind].index, name) for name, _ in named])
        return [value for _, value in named], table.shape(labels)

    return references


def _class_only(table: TypeTable, kind: type) -> References:
    shape = table.shape((fields.CLASS_LABEL,))
    return lambda _each: ([kind], shape)


def _all_of(each: Any) -> tuple[list[Any], int]:
    return list(each), 0


def _all_pairs(each: Any) -> tuple[list[Any], int]:
    return list(_pairs(each.items())), 0


def _all_pairs_of_its_own(each: Any) -> tuple[list[Any], int]:
    """From 3.13 on a dict may show the attributes of an instance, which keeps them itself."""
    if len(each) <= _MOST_SHARED_KEYS and not _get_referents(each):
        return [], 0
    return list(_pairs(each.items())), 0


#: SHARED_KEYS_MAX_SIZE of Objects/dictobject.c.
_MOST_SHARED_KEYS = 30
_pairs_of_dict = _all_pairs if sys.version_info < (3, 13) else _all_pairs_of_its_own


#: Of these exactly, and of nothing derived from them: there is nothing but elements.
_EXACT: dict[type, References] = {list: _all_of, tuple: _all_of, set: _all_of, frozenset: _all_of, dict: _pairs_of_dict}
#: How the elements are listed without asking a subclass.
_ELEMENTS: dict[type, Callable[[Any], list[Any]]] = {
    list: lambda each: list(list.__iter__(each)),
    tuple: lambda each: list(tuple.__iter__(each)),
    set: lambda each: list(set.__iter__(each)),
    frozenset: lambda each: list(frozenset.__iter__(each)),
    dict: lambda each: list(_pairs(_items(each))),
}
_SHAPES: dict[type, tuple[str, str]] = {
    list: ("sequence", "list"),
    tuple: ("sequence", "tuple"),
    set: ("set", "set"),
    frozenset: ("set", "set"),
    dict: ("mapping", "dict"),
}


def _learn_deque() -> None:
    """`collections.deque`, where the program has one: importing it for us would change what we look at."""
    module = sys.modules.get("_collections") or sys.modules.get("collections")
    deque: Any = getattr(module, "deque", None)
    if isinstance(deque, type):
        _ELEMENTS[deque] = lambda each: list(deque.__iter__(each))
        _SHAPES[deque] = ("sequence", "deque")


_learn_deque()


def _shape_and_role(kind: type, mro: tuple[type, ...]) -> tuple[str, str]:
    for base in mro:
        if base in _SHAPES:
            return _SHAPES[base]
    return ("sequence", "ndarray") if classes.is_array(kind) else ("fields", classes.role_of(kind, mro))
