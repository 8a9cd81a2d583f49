"""`why(value)`: who keeps a value alive, as paths from modules and from variables of running functions."""

import gc
import sys
from types import FrameType
from typing import Any, List, Tuple

from ._guard_counts import name_of_type
from ._why_paths import find_holders

_OWN_FILES = (__file__, find_holders.__code__.co_filename)
_MOST_OTHERS = 20


class Why:
    """Who holds a value. Keeps texts only: the value lives no longer because of it."""

    def __init__(self, type_name: str, paths: List[str], others: List[str], is_complete: bool) -> None:
        #: Of the value.
        self.type = type_name
        #: The shortest way to each holder that a module or a variable leads to, shortest first.
        self.paths = paths
        #: Types of what refers to the value and that no module or variable leads to.
        self.others = others
        #: False when the search was ended by `paths` or by its limit.
        self.is_complete = is_complete

    def __repr__(self) -> str:
        return "\n".join([self._title(), *(f"  {path}" for path in self.paths), *self._notes()])

    def _repr_html_(self) -> str:
        from ._notebook import table_html

        return table_html(self._title(), ["held by"], [[path] for path in self.paths], self._notes())

    def _title(self) -> str:
        count = len(self.paths)
        if count == 0:
            return f"nothing that a module or a running function leads to holds this {self.type}"
        more = "" if self.is_complete else " or more"
        return f"this {self.type} is held in {count}{more} place{'s' if count != 1 else ''}"

    def _notes(self) -> List[str]:
        if not self.others:
            return []
        return ["also referred to by what nothing leads to (a cycle, a suspended call, C code): " + ", ".join(self.others)]


def why(value: object, paths: int = 10) -> Why:
    """The places that hold `value`, at most `paths` of them, shortest way first.

    Meant for a debugger or a notebook: the call's own variables and the debugger's do not count, local variables of
    other running functions do. Looks at every object that modules lead to, about a second per million; runs no code of
    the program's classes.
    """
    referrers = [each for each in gc.get_referrers(value) if not _is_own(each)]
    addresses = {id(each) for each in referrers}
    # Only addresses are kept while we search: a list of the referrers would be found as one.
    kinds: List[Tuple[int, str]] = [(id(each), name_of_type(type(each))) for each in referrers]
    del referrers
    # A text or a number may be held by what the collector does not list.
    found = find_holders(value, addresses if gc.is_tracked(value) else set(), paths, _frames())
    unnamed = [kind for address, kind in kinds if address not in found.accounted] if found.is_complete else []
    del kinds
    others = sorted(set(unnamed))[:_MOST_OTHERS]
    return Why(name_of_type(type(value)), found.paths, others, found.is_complete)


def _is_own(each: Any) -> bool:
    """Our frames and those of whoever runs now: they hold the value because it was asked about."""
    return type(each) is FrameType


def _frames() -> List[FrameType]:
    """Frames of all threads without ours, innermost first."""
    frames: List[FrameType] = []
    for frame in sys._current_frames().values():
        here: Any = frame
        while here is not None:
            if here.f_code.co_filename not in _OWN_FILES:
                frames.append(here)
            here = here.f_back
    return frames
