"""Deadweight inside a Python program: what only the program itself can see.

`sizeof(value)` says how much memory a value takes with all that it holds, `why(value)` who holds it, `growth()` what a
process has more of than before, and `snapshot(path)` writes its heap down for `deadweight top`. `cached` keeps results of
functions under control. `deadweight run -- COMMAND` loads the probe without any change to the program; importing this package
starts nothing.
"""

__version__ = "0.1.0"
__all__ = ["__version__", "cached", "growth", "join", "profile", "race", "redis_tier", "sizeof", "snapshot", "why"]

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


def cached(maxsize: "Any" = 128, **options: "Any") -> "Any":
    """Decorator: keeps results of a function or method, bounded and under control. See docs/cached.md for the options."""
    from ._cache.cached import cached as decorate

    return decorate(maxsize, **options)


def join(app: str) -> None:
    """Puts the caches of this process under the control of `deadweight caches ... --app APP`; children of a fork join too."""
    from ._cache.host import join as join_host

    join_host(app)


def redis_tier(url: str, *, app: str, **options: "Any") -> "Any":
    """A tier on Redis or Valkey for `cached(..., tier=...)`, shared by all processes of `app`. See docs/redis-tier.md for the options.

    Connects when it is first used, and never raises in a cached call: while the server fails, calls do without it.
    """
    from ._redis.tier import RedisTier

    return RedisTier(url, app=app, **options)
