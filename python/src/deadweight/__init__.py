"""Deadweight inside a Python program: what only the program itself can see.

`sizeof(value)` says how much memory a value takes, with all that it holds. `deadweight run -- COMMAND` loads the probe
without any change to the program; importing this package starts nothing.
"""

from ._probe.sizes import measure as _measure

__version__ = "0.1.0"
__all__ = ["__version__", "profile", "sizeof"]

# Not from typing: importing it costs a program that loads the probe more than the probe itself.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, TypeVar

    _Function = TypeVar("_Function", bound=Callable[..., Any])


def sizeof(value: object) -> int:
    """Bytes of `value` and of everything reachable from it, each object once.

    What the program shares (modules, classes, functions) does not count. A million objects at most are looked at.
    """
    return int(_measure(value)["bytes"])


def profile(function: "_Function") -> "_Function":
    """Decorator: prints the memory of each line of `function` at exit, or hands it to `deadweight lines`."""
    # Loaded when it is used: the probe starts with this package, and must start fast.
    from ._lines_profile import profile as profile_lines

    return profile_lines(function)
