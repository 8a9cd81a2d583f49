"""Deadweight inside a Python program: what only the program itself can see.

`sizeof(value)` says how much memory a value takes with all that it holds, `why(value)` who holds it, `growth()` what a
process has more of than before, and `snapshot(path)` writes its heap down for `deadweight top`. `deadweight run -- COMMAND` loads the probe without any change to the program;
importing this package starts nothing.
"""

__version__ = "0.1.0"
__all__ = ["__version__", "growth", "profile", "race", "sizeof", "snapshot", "why"]

# Not from typing: importing it costs a program that loads the probe more than the probe itself.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, TypeVar

    from . import race
    from ._growth import growth
    from ._heap_snapshot import snapshot
    from ._sizeof import sizeof
    from ._why import why

    _Function = TypeVar("_Function", bound=Callable[..., Any])

# Loaded when they are used: the probe starts with this package, and must start fast.
_HOMES = {"growth": "._growth", "sizeof": "._sizeof", "snapshot": "._heap_snapshot", "why": "._why"}


def __getattr__(name: str) -> "Any":
    import importlib

    if name == "race":
        return importlib.import_module(".race", __name__)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_HOMES[name], __name__), name)
    return value


def profile(function: "_Function") -> "_Function":
    """Decorator: prints the memory of each line of `function` at exit, or hands it to `deadweight lines`."""
    from ._lines_profile import profile as profile_lines

    return profile_lines(function)
