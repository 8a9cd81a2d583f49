"""Names for objects: the shortest way to them from a module's global, written as Python."""

import collections
import gc
import sys
import types
from typing import Any, Deque, Dict, FrozenSet, Iterator, List, NamedTuple, Set, Tuple

from ._guard_counts import LRU_CACHE, is_bounded_cache

#: More than this is not walked: what lies deeper has no name worth printing.
MOST_OBJECTS = 3_000_000
_LONGEST_KEY = 40
CACHED_RESULT = " (cached result)"
BOUNDED_RESULT = " (result in a bounded cache)"
_FRAMEWORK = ("_pytest", "pytest", "pluggy", "xdist", "execnet", "deadweight")
# Tested by type(value), never by isinstance: that asks a proxy for its __class__, which runs code of the program.
_NOT_FOLLOWED = (type, types.ModuleType, types.FrameType)
_PLAIN = (str, bytes, int, float, complex, bool, type(None), types.CodeType)


class Step(NamedTuple):
    owner: int
    text: str


def paths_to(targets: List[Any], ours: Set[int], roots: Dict[str, Any]) -> Dict[int, str]:
    """A path for each target (by id) that modules or `roots` (by name) reach, not through the test framework.

    `ours` are ids of objects to pass over. O(objects reached).
    """
    wanted = {id(target) for target in targets}
    steps: Dict[int, Step] = {}
    waiting: Deque[Any] = collections.deque()
    found: Dict[int, str] = {}
    # What is made while looking (a __dict__, a tuple) must not free its id for something else.
    kept: List[Any] = []
    for name, module in sorted(sys.modules.items(), key=lambda item: rank(item[0])):
        if issubclass(type(module), types.ModuleType) and id(module) not in steps and not is_framework(name):
            steps[id(module)] = Step(0, name)
            waiting.append(module)
    for name, root in roots.items():
        if id(root) not in steps:
            steps[id(root)] = Step(0, name)
            waiting.append(root)
            if id(root) in wanted:
                found[id(root)] = name
    while waiting and len(steps) < MOST_OBJECTS and len(found) < len(wanted):
        owner = waiting.popleft()
        for text, child in children(owner):
            address = id(child)
            if address in steps or address in ours or type(child) in _PLAIN or is_framework(type(child).__module__):
                continue
            steps[address] = Step(id(owner), text)
            kept.append(child)
            waiting.append(child)
            if address in wanted:
                found[address] = written(address, steps)
    return found


def rank(name: str) -> Tuple[bool, str]:
    """Other people's modules first would blame libraries for what the program holds through them."""
    root = name.partition(".")[0]
    known: FrozenSet[str] = getattr(sys, "stdlib_module_names", frozenset())
    return root in known, name


def is_framework(module: object) -> bool:
    """What a test framework keeps of a test is not the program's."""
    return isinstance(module, str) and module.partition(".")[0] in _FRAMEWORK


def written(address: int, steps: Dict[int, Step]) -> str:
    parts: List[str] = []
    while address:
        step = steps[address]
        parts.append(step.text)
        address = step.owner
    return "".join(reversed(parts))


def children(owner: Any) -> Iterator[Tuple[str, Any]]:
    """What an object holds, with how it is written; runs no code of the program's classes."""
    kind = type(owner)
    if kind is types.ModuleType or issubclass(kind, types.ModuleType):
        for name, value in list(types.ModuleType.__getattribute__(owner, "__dict__").items()):
            if not issubclass(type(value), types.ModuleType):
                yield f".{name}", value
    elif issubclass(kind, dict):
        yield from _dict_children(owner)
    elif issubclass(kind, (list, tuple, collections.deque)):
        for at, value in enumerate(kind.__iter__(owner) if kind in (list, tuple, collections.deque) else []):
            yield f"[{at}]", value
    elif kind in (set, frozenset):
        for value in list(owner):
            yield " (an element)", value
    elif kind is types.FunctionType:
        yield from _function_children(owner)
    elif issubclass(kind, type):
        for name, value in list(type.__dict__["__dict__"].__get__(owner).items()):
            yield f".{name}", value
        return
    yield from _attributes(owner, kind)


def _dict_children(owner: Dict[Any, Any]) -> Iterator[Tuple[str, Any]]:
    for key, value in list(dict.items(owner)):
        yield f"[{_key(key)}]", value
        if type(key) not in _PLAIN:
            yield f" (key {type(key).__name__})", key


def _key(key: Any) -> str:
    if type(key) in (str, int, bytes, bool):
        text = repr(key)
        return text if len(text) <= _LONGEST_KEY else text[: _LONGEST_KEY - 4] + "..." + text[0]
    return f"<{type(key).__name__}>"


def _function_children(owner: types.FunctionType) -> Iterator[Tuple[str, Any]]:
    for name, cell in zip(owner.__code__.co_freevars, owner.__closure__ or ()):
        try:
            yield f".<closure {name}>", cell.cell_contents
        except ValueError:
            continue
    names = owner.__code__.co_varnames[: owner.__code__.co_argcount]
    defaults = owner.__defaults__ or ()
    for name, value in zip(names[len(names) - len(defaults) :], defaults):
        yield f".<default {name}>", value


def _attributes(owner: Any, kind: type) -> Iterator[Tuple[str, Any]]:
    try:
        own = object.__getattribute__(owner, "__dict__")
    except Exception:
        own = None
    named: Set[int] = set()
    if type(own) is dict and kind is not types.ModuleType:
        for name, value in list(own.items()):
            named.add(id(value))
            yield f".{name}", value
    if issubclass(kind, (dict, list, tuple, set, frozenset, collections.deque)) or kind is types.FunctionType:
        return
    slots = {id(value): name for name, value in _slot_values(owner, kind)}
    for value in gc.get_referents(owner):
        if id(value) in named or value is own or issubclass(type(value), _NOT_FOLLOWED):
            continue
        slot = slots.get(id(value))
        yield (f".{slot}" if slot is not None else _unnamed(owner, kind)), value


def _unnamed(owner: Any, kind: type) -> str:
    if kind is LRU_CACHE:
        return BOUNDED_RESULT if is_bounded_cache(owner) else CACHED_RESULT
    return f" (held by {kind.__name__})"


def _slot_values(owner: Any, kind: type) -> Iterator[Tuple[str, Any]]:
    for base in kind.__mro__:
        for name, member in list(type.__dict__["__dict__"].__get__(base).items()):
            if type(member) is types.MemberDescriptorType:
                try:
                    yield name, member.__get__(owner, kind)
                except Exception:
                    continue
