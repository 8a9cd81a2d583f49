"""Names of the places through which an object refers to others: slots, attributes, fields of C structs.

`gc.get_referents` says what an object refers to and not how. Here the names are found by identity: an attribute that has
the value is the place. What has no name keeps none; nothing is guessed.
"""

from __future__ import annotations

import gc
import sys
import types
from itertools import repeat

from ._heap_classes import CELL, flags_of, look_up
from ._heap_members import dict_of, is_harmless, is_of_slot, members_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from ._heap_stream import Stream
    from ._heap_types import TypeTable

DICT_LABEL, CLASS_LABEL, UNNAMED_LABEL, _FIRST_LABEL, _LAST_LABEL = 1, 2, 3, 16, 0x7FFF

#: Instances of a class that get a `__dict__` because we ask for it, when the heap is read in the program itself.
_MOST_DICTS = 8

_attribute = object.__getattribute__
_get_referents = gc.get_referents
#: Attributes as they are kept from 3.11 on: beside the object, and in a dict only when somebody asks for it.
_MANAGED_DICT = 1 << 4 if sys.version_info >= (3, 11) else 0
#: From 3.13 on they lie in the object itself.
_INLINE_VALUES = 1 << 2
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
        self._members = members_of(mro)
        self._slots = sum(is_of_slot(member) for _, member in self._members)
        self._dict = dict_of(mro)
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
        return all(is_harmless(look_up(self._mro, name)) for name in names)

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
            if value is not None or is_of_slot(member):
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
        if type(value) is CELL:
            try:
                cells[id(value.cell_contents)] = value
            except ValueError:
                continue
    rows = [(name, value) for name, value in local if type(name) is str]
    return rows + [(name, cells[id(value)]) for name, value in rows if id(value) in cells]


_FRAME_OF = {types.GeneratorType: "gi_frame", types.CoroutineType: "cr_frame", types.AsyncGeneratorType: "ag_frame"}
