"""Cached functions: which function loads, and how the cache is cleared."""

import importlib
import inspect
import sys
from types import FunctionType
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

_CLEAR_NAMES = ("cache_clear", "clear_cache", "invalidate_all", "invalidate", "clear")


class CachedFunction(NamedTuple):
    """What a check needs to know; `load` or `clear` is None when it was not found."""

    name: str
    function: Callable[..., Any]
    load: Optional[FunctionType]
    clear: Optional[Callable[[], Any]]
    #: As it is called: "clear()", "cache_clear()".
    clear_name: str


def cached_function(
    function: Callable[..., Any], load: Optional[Callable[..., Any]], clear: Optional[Callable[[], Any]]
) -> CachedFunction:
    """Looks up what is not given."""
    if load is not None:
        # The load may be decorated itself: what runs in the end is the plain function.
        load = _plain(load)
    found_clear = (clear, getattr(clear, "__name__", "clear")) if clear is not None else _clear_of(function)
    return CachedFunction(
        _name_of(function),
        function,
        load if isinstance(load, FunctionType) else _load_of(function),
        found_clear[0],
        f"{found_clear[1]}()",
    )


def find_cached(module: str) -> List[CachedFunction]:
    """Raises ImportError. Functions of other modules that are only imported there are left out."""
    importlib.import_module(module)
    names = [each for each in list(sys.modules) if each == module or each.startswith(module + ".")]
    found: Dict[int, CachedFunction] = {}
    for name in sorted(names):
        for value in _callables(sys.modules[name]):
            if id(value) in found:
                continue
            cached = cached_function(value, None, None)
            if cached.load is not None and cached.clear is not None:
                found[id(value)] = cached
    return list(found.values())


def _callables(module: Any) -> Iterator[Any]:
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if isinstance(value, type):
            for member in list(vars(value).values()):
                yield member.__func__ if isinstance(member, (staticmethod, classmethod)) else member
        elif callable(value):
            yield value


def _load_of(function: Any) -> Optional[FunctionType]:
    """What the cache wraps: by the attribute that `functools.wraps` sets, else the one function in its closure."""
    if getattr(function, "__wrapped__", None) is not None:
        return _plain(function)
    inside = [value for value in _closure(function) if isinstance(value, FunctionType)]
    return inside[0] if len(inside) == 1 else None


def _plain(function: Any) -> Optional[FunctionType]:
    unwrapped = inspect.unwrap(function)
    inner = getattr(unwrapped, "__func__", unwrapped)
    return inner if isinstance(inner, FunctionType) else None


def _clear_of(function: Any) -> Tuple[Optional[Callable[[], Any]], str]:
    for name in _CLEAR_NAMES:
        clear = getattr(function, name, None)
        if callable(clear):
            return clear, name
    cache = getattr(function, "cache", None)
    if callable(getattr(cache, "clear", None)):
        return getattr(cache, "clear"), "cache.clear"
    inside = [value for value in _closure(function) if callable(getattr(value, "clear", None)) and _holds_items(value)]
    return (inside[0].clear, "clear") if len(inside) == 1 else (None, "clear")


def _holds_items(value: Any) -> bool:
    return hasattr(type(value), "__setitem__") and not isinstance(value, list)


def _closure(function: Any) -> List[Any]:
    values = []
    for cell in getattr(function, "__closure__", None) or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:
            continue
    return values


def _name_of(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or getattr(function, "__name__", None) or type(function).__qualname__
    return f"{getattr(function, '__module__', None) or '?'}.{name}"
