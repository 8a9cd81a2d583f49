"""Is a cache stale after it was cleared? `deadweight.race.check(function)`, or `python -m deadweight race MODULE:FUNCTION`.

A load that began before the clear and ends after it must not be what a later call gets. Most caches get this wrong,
`functools.lru_cache` among them, and it shows only when the timing is bad: here the timing is made.
"""

from typing import Any, Callable, List, Optional, Sequence, Tuple

from ._race_caches import CachedFunction, cached_function, find_cached
from ._race_scenarios import Verdict, run_scenarios

__all__ = ["CachedFunction", "StaleAfterClear", "Verdict", "check", "find", "require_fresh"]


class StaleAfterClear(AssertionError):
    """A call that began after a clear returned what was loaded before it; the message is the interleaving."""


def check(
    function: Callable[..., Any],
    *,
    load: Optional[Callable[..., Any]] = None,
    clear: Optional[Callable[[], Any]] = None,
    arguments: Optional[Sequence[Any]] = None,
) -> Verdict:
    """Calls `function` from three threads around a `clear`; `load` is held up in between.

    `load` (what the cache wraps) does not run: for the time of the check it returns a mark, so the check has no side
    effects but an empty cache. Without `load` and `clear` they are looked up: `__wrapped__`, `cache_clear()`, `.cache`,
    a dictionary in the closure. `arguments` are made up unless they are given. Takes milliseconds, seconds when calls
    wait for each other. Not thread-safe: one check at a time.
    """
    return run_scenarios(cached_function(function, load, clear), _arguments(arguments))


def require_fresh(function: Callable[..., Any], **given: Any) -> None:
    """As `check`; raises StaleAfterClear when it is stale, and ValueError when it cannot be checked."""
    verdict = check(function, **given)
    if verdict.verdict == "stale":
        raise StaleAfterClear(str(verdict))
    if verdict.verdict == "not checked":
        raise ValueError(str(verdict))


def find(module: str) -> List[CachedFunction]:
    """Imports a module and lists its cached functions and methods, and those of what is imported below it."""
    return find_cached(module)


def _arguments(given: Optional[Sequence[Any]]) -> Optional[Tuple[Any, ...]]:
    return None if given is None else tuple(given)
