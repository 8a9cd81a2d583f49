"""`growth()`: what a process has more of than at an earlier point, by type and by the container that holds it."""

import gc
import sys
from types import FrameType, MethodType, ModuleType
from typing import Any, Dict, List, NamedTuple, Optional, Set

from ._guard_counts import name_of_type, newest_of, size_of
from ._guard_paths import paths_to
from ._probe.sizes import own_bytes

_SHOWN = 20
_MOST_CHANGES = 1000


class TypeGrowth(NamedTuple):
    """A type with more objects than before. Objects that the collector does not know (numbers, texts) are not counted."""

    type: str
    before: int
    after: int
    #: Growth of the objects' own bytes, without what they refer to.
    bytes: int


class HolderGrowth(NamedTuple):
    """A container that existed before and has more entries now."""

    #: From a module's global, as shop.sessions.REGISTRY; None when no module leads to it.
    path: Optional[str]
    type: str
    before: int
    after: int


class GrowthReport:
    """What grew between two points; `str()` and a notebook show it as a table. It refers to nothing of the program."""

    def __init__(self, types: List[TypeGrowth], holders: List[HolderGrowth]) -> None:
        #: By bytes, largest first.
        self.types = types
        #: By added entries, most first; those with a path before those without.
        self.holders = holders

    def __repr__(self) -> str:
        if not self.types and not self.holders:
            return "nothing has grown"
        lines = []
        if self.holders:
            lines.append("containers that have more entries")
            for holder in self.holders[:_SHOWN]:
                grown = f"+{holder.after - holder.before:,}"
                lines.append(f"  {grown:>10}  {holder.before:,} -> {holder.after:,}  {_named(holder)}")
        if self.types:
            lines.append("types that have more objects")
            for each in self.types[:_SHOWN]:
                grown = f"+{each.after - each.before:,}"
                lines.append(f"  {grown:>10}  {each.before:,} -> {each.after:,}  {each.type}  ({each.bytes:+,} bytes)")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from ._notebook import table_html

        holders = [[_named(each), f"{each.before:,}", f"{each.after:,}"] for each in self.holders[:_SHOWN]]
        types = [[each.type, f"{each.before:,}", f"{each.after:,}", f"{each.bytes:+,}"] for each in self.types[:_SHOWN]]
        if not holders and not types:
            return table_html(repr(self), [], [], [])
        return table_html("Containers that have more entries", ["holder", "before", "after"], holders, []) + table_html(
            "Types that have more objects", ["type", "before", "after", "bytes"], types, []
        )


class Growth:
    """A point in time to compare with; also a context manager, whose end is the second point.

    Keeps numbers only, so nothing of the program lives longer because of it.
    """

    def __init__(self) -> None:
        self._report: Optional[GrowthReport] = None
        self._before = _Count()

    def __enter__(self) -> "Growth":
        return self

    def __exit__(self, *_: object) -> None:
        self._report = self.look()

    @property
    def report(self) -> GrowthReport:
        """What had grown when the block ended; what has grown until now when there was none."""
        return self._report if self._report is not None else self.look()

    def look(self) -> GrowthReport:
        """What has grown since the point was taken. Collects garbage first. O(objects), one to two seconds per million."""
        after = _Count()
        return GrowthReport(_types(self._before, after), _holders(self._before, after))

    def __repr__(self) -> str:
        return repr(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()


def growth() -> Growth:
    """Takes a point; `growth().look()` later, or the end of `with growth() as grown:`, says what has grown since."""
    return Growth()


class _Count:
    """Objects that the collector knows: number and bytes by the id of their type, entries by the id of a container."""

    __slots__ = ("bytes", "entries", "firsts", "objects")

    def __init__(self) -> None:
        for _ in range(3):
            if gc.collect() == 0:
                break
        self.objects: Dict[int, int] = {}
        self.bytes: Dict[int, int] = {}
        self.entries: Dict[int, int] = {}
        #: Address of a container's first entry: another container may come to lie where one has died.
        self.firsts: Dict[int, int] = {}
        own = _own_objects()
        for each in gc.get_objects():
            kind = type(each)
            if id(each) in own or kind is FrameType or (kind is MethodType and id(each.__self__) in own):
                continue
            key = id(kind)
            self.objects[key] = self.objects.get(key, 0) + 1
            self.bytes[key] = self.bytes.get(key, 0) + own_bytes(each)
            entries = size_of(each, kind)
            if entries is not None:
                self.entries[id(each)] = entries
                if entries and (kind is list or kind is dict):
                    self.firsts[id(each)] = id(next(iter(each)))


_OWN = (Growth, GrowthReport, _Count)


def _own_objects() -> Set[int]:
    """Addresses of all points and reports there are, of what they keep, and of the result itself."""
    ours = [each for each in gc.get_objects() if type(each) in _OWN]
    own = {id(each) for each in ours}
    for each in ours:
        parts = [vars(each), *vars(each).values()] if not isinstance(each, _Count) else gc.get_referents(each)
        own.update(map(id, parts))
        own.update(id(row) for part in parts if type(part) is list for row in part)
    own.add(id(own))
    return own


def _types(before: _Count, after: _Count) -> List[TypeGrowth]:
    grown = {key for key, count in after.objects.items() if count > before.objects.get(key, 0)}
    samples = newest_of(grown)
    rows = [
        TypeGrowth(
            name_of_type(type(sample)),
            before.objects.get(key, 0),
            after.objects[key],
            after.bytes[key] - before.bytes.get(key, 0),
        )
        for key, sample in samples.items()
    ]
    return sorted(rows, key=lambda row: (-row.bytes, row.type))


def _holders(before: _Count, after: _Count) -> List[HolderGrowth]:
    changes = {key: size for key, size in after.entries.items() if size > before.entries.get(key, size)}
    largest = sorted(changes, key=lambda key: before.entries[key] - changes[key])[:_MOST_CHANGES]
    wanted = set(largest)
    containers = [each for each in gc.get_objects() if id(each) in wanted]
    paths = paths_to(containers, _own_objects() | {id(containers)}, {})
    rows = []
    modules = _namespaces()
    for each in containers:
        address = id(each)
        path = paths.get(address, modules.get(address))
        # The name that the program gives a point or a report is no growth of its own.
        own_names = sum(type(value) in _OWN for value in each.values()) if address in modules else 0
        was, now = before.entries[address], changes[address] - own_names
        if now > was and not _is_another(address, path, before, after, paths):
            rows.append(HolderGrowth(path, name_of_type(type(each)), was, now))
    return sorted(rows, key=lambda row: (row.path is None, row.before - row.after, row.path or "", row.type))


def _is_another(address: int, path: Optional[str], before: _Count, after: _Count, paths: Dict[int, str]) -> bool:
    """Inside an entry of what has grown, or held by nothing we know, a new container may lie where another one has died."""
    if before.firsts.get(address) == after.firsts.get(address):
        return False
    return path is None or any(path != other and path.startswith(other) for other in paths.values())


def _namespaces() -> Dict[int, str]:
    """Names of modules by the address of their dictionaries."""
    return {id(vars(module)): name for name, module in list(sys.modules.items()) if type(module) is ModuleType}


def _named(holder: HolderGrowth) -> str:
    return f"{holder.path or 'held by no module'} ({holder.type})"
