"""`sizeof(value)`: how much memory a value takes with all that it holds."""

from typing import Any, List, NamedTuple, Optional, Tuple

from ._probe.sizes import SHARED, Walk

_SHOWN_TYPES = 10


class TypeSize(NamedTuple):
    """Objects of one type inside a value."""

    type: str
    objects: int
    bytes: int


class Size(int):
    """A number of bytes that can say what it is made of."""

    #: Objects that were counted, each once.
    objects: int
    #: Types by bytes, largest first.
    by_type: List[TypeSize]
    #: What was referred to and not counted, as (type, objects).
    left_out: List[Tuple[str, int]]
    #: False when `most_objects` ended the walk: the size is a lower bound then.
    is_complete: bool

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        from ._notebook import table_html

        rows = [[each.type, f"{each.objects:,}", f"{each.bytes:,}"] for each in self.by_type[:_SHOWN_TYPES]]
        lines = self._lines()
        return table_html(lines[0], ["type", "objects", "bytes"], rows, lines[1 + len(rows) :])

    def _lines(self) -> List[str]:
        least = "" if self.is_complete else "at least "
        lines = [f"{least}{int(self):,} bytes in {self.objects:,} object{'s' if self.objects != 1 else ''}"]
        lines += [f"  {each.bytes:>14,}  {each.objects:>11,} x {each.type}" for each in self.by_type[:_SHOWN_TYPES]]
        rest = self.by_type[_SHOWN_TYPES:]
        if rest:
            lines.append(f"  {sum(each.bytes for each in rest):>14,}  {len(rest)} more types")
        if self.left_out:
            named = ", ".join(f"{count:,} {name}" for name, count in self.left_out[:_SHOWN_TYPES])
            lines.append(f"left out, because the program shares it: {named}")
        return lines


def sizeof(value: object, *, stop_at: Tuple[type, ...] = SHARED, most_objects: Optional[int] = None) -> Size:
    """Bytes of `value` and of everything reachable from it, each object once; the result is an `int` that explains itself.

    Nothing behind modules, classes, functions, code and frames counts: the program shares them (`stop_at` replaces that
    list; `value` itself counts whatever it is). Bytes are those of `sys.getsizeof`. Buffers of numpy arrays count once,
    also through views; what other C code keeps without telling the collector is not seen. O(objects reached), one to
    two seconds per million.
    """
    walk = Walk([value], stop_at, most_objects)
    size = Size(walk.bytes)
    size.objects = walk.objects
    size.is_complete = walk.is_complete
    rows = [TypeSize(_name(kind), count, total) for kind, (count, total) in walk.by_type.items()]
    size.by_type = sorted(rows, key=lambda row: (-row.bytes, row.type))
    size.left_out = sorted(((_name(kind), count) for kind, count in walk.left_out.items()), key=lambda row: (-row[1], row))
    return size


def _name(kind: Any) -> str:
    module = kind.__module__
    return str(kind.__qualname__) if module == "builtins" else f"{module}.{kind.__qualname__}"
