"""Deadweight inside a Python program: what only the program itself can see.

`sizeof(value)` says how much memory a value takes, with all that it holds. `deadweight run -- COMMAND` loads the probe
without any change to the program; importing this package starts nothing.
"""

from ._probe.sizes import measure as _measure

__version__ = "0.1.0"
__all__ = ["__version__", "cached", "join", "profile", "sizeof"]

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


def cached(maxsize: "Any" = 128, **options: "Any") -> "Any":
    """Decorator: keeps results of a function or method, bounded and under control. See docs/cached.md for the options."""
    from ._cache.cached import cached as decorate

    return decorate(maxsize, **options)


def join(app: str) -> None:
    """Puts the caches of this process under the control of `deadweight caches ... --app APP`; children of a fork join too."""
    from ._cache.host import join as join_host

    join_host(app)
