"""All holders of one object, each with its shortest path from a module or from a variable of a running function."""

import collections
import gc
import inspect
import sys
from types import FrameType, ModuleType
from typing import Any, Deque, Dict, Iterator, List, NamedTuple, Set, Tuple

from ._guard_paths import MOST_OBJECTS, Step, children, rank, written

_LONGEST_FILE = 60
_FUNCTION = inspect.CO_OPTIMIZED | inspect.CO_NEWLOCALS
#: Debuggers and notebooks refer to a value because somebody asks about it.
_ASKING = ("bdb", "pdb", "code", "codeop", "IPython", "ipykernel", "_pydevd_bundle", "pydevd", "debugpy")
#: References to a dict that only a frame, our variable and the call asking for the count have.
_UNSHARED = 3


class Holders(NamedTuple):
    """What was found; `accounted` are addresses of referrers that the paths tell of."""

    paths: List[str]
    accounted: Set[int]
    is_complete: bool


def find_holders(target: Any, referrers: Set[int], most: int, frames: List[FrameType]) -> Holders:
    """Breadth first from modules and frames; ends early when each of `referrers` (addresses) is accounted for.

    Without `referrers` it never ends early: what the collector does not know may hold the target. O(objects reached).
    """
    search = _Search(target, set(referrers), most)
    search.start(frames)
    search.run()
    return Holders(search.paths, search.accounted, search.is_complete)


class _Search:
    def __init__(self, target: Any, missing: Set[int], most: int) -> None:
        self.paths: List[str] = []
        self.steps: Dict[int, Step] = {}
        self.is_complete = True
        self._target = target
        self.accounted: Set[int] = set()
        self._missing = missing
        self._may_end_early = bool(missing)
        self._most = most
        self._waiting: Deque[Any] = collections.deque()
        # What is made while looking (a __dict__, a tuple) must not free its id for something else.
        self._kept: List[Any] = []

    def start(self, frames: List[FrameType]) -> None:
        """Modules are where paths begin; a variable is looked at on its own, since nothing else leads to it."""
        for name, module in sorted(sys.modules.items(), key=lambda item: rank(item[0])):
            if issubclass(type(module), ModuleType) and id(module) not in self.steps:
                self.steps[id(module)] = Step(0, name)
                self._waiting.append(module)
        for frame in frames:
            for text, value in _variables(frame):
                self._see(0, text, value)

    def run(self) -> None:
        while self._waiting:
            if len(self.steps) >= MOST_OBJECTS or len(self.paths) >= self._most:
                self.is_complete = False
                break
            if self._may_end_early and not self._missing:
                break
            owner = self._waiting.popleft()
            hits = len(self.paths)
            for text, child in children(owner):
                self._see(id(owner), text, child)
            if len(self.paths) > hits:
                self._account_for(owner)
        self._waiting.clear()
        self._kept.clear()
        self._target = None

    def _account_for(self, owner: Any) -> None:
        """The path names the owner; the reference may be its dictionary's, a cell's or a tuple's inside it."""
        parts = gc.get_referents(owner)
        inside = gc.get_referents(*[part for part in parts if type(part) is tuple])
        told = {id(owner), *map(id, parts), *map(id, inside)}
        self.accounted |= told
        self._missing -= told

    def _see(self, owner: int, text: str, child: Any) -> None:
        if child is self._target:
            path = (written(owner, self.steps) if owner else "") + text
            if path not in self.paths and len(self.paths) < self._most:
                self.paths.append(path)
            return
        if id(child) in self.steps or child is self.__dict__ or child is self:
            return
        if type(child) in (str, bytes, int, float, complex, bool, type(None)):
            return
        self.steps[id(child)] = Step(owner, text)
        self._kept.append(child)
        self._waiting.append(child)


def _variables(frame: FrameType) -> Iterator[Tuple[str, Any]]:
    """Local variables of a running function; those of a module are its globals, which were looked at already."""
    code = frame.f_code
    if str(frame.f_globals.get("__name__", "")).partition(".")[0] in _ASKING:
        return
    if not code.co_flags & _FUNCTION:
        return
    place = f"{code.co_filename[-_LONGEST_FILE:]}:{frame.f_lineno}"
    named = getattr(code, "co_qualname", code.co_name)
    variables = frame.f_locals
    for name, value in list(variables.items()):
        yield f"<variable {name} of {named}, {place}>", value
    # Before 3.13 reading made a copy that the frame keeps: without this a deleted variable would live on in it.
    if type(variables) is dict and sys.version_info < (3, 13) and frame.f_trace is None:
        if sys.getrefcount(variables) <= _UNSHARED:
            variables.clear()
