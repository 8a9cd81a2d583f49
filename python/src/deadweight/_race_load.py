"""Stands in for a load while a cache is checked: it can be held up, and each result says when it began."""

import inspect
import re
import threading
import warnings
from types import CodeType, FunctionType
from typing import Any, Callable, Dict, Optional

_MARK = "deadweight-race-%d"
_MARKED = re.compile(r"deadweight-race-(\d+)")
_HOOK = "deadweight hook"
#: A load that nobody lets go on ends by itself: the program is never left with a thread that waits for ever.
_LONGEST_SECONDS = 30.0


class StandIn:
    """While it is entered, calls of the function come here. Restores its code on every way out."""

    def __init__(self, function: FunctionType) -> None:
        self._function = function
        self._code = function.__code__
        self._lock = threading.Lock()
        self._after_clear: Dict[int, bool] = {}
        self._held: Optional[threading.Thread] = None
        #: Loads that begin from here on are fresh.
        self.is_cleared = False
        self.began = threading.Event()
        self.go_on = threading.Event()

    def __enter__(self) -> "StandIn":
        self._function.__code__ = _calling(self._load, self._code)
        return self

    def __exit__(self, *_: object) -> None:
        self._function.__code__ = self._code
        self.go_on.set()

    def hold(self, thread: threading.Thread) -> None:
        """Its next load waits for `go_on`; all marks are forgotten."""
        self._held = thread
        self.is_cleared = False
        self.began.clear()
        self.go_on.clear()

    def is_fresh(self, result: Any) -> Optional[bool]:
        """Whether the load behind `result` began after the clear; None when no load of ours is in it."""
        found = _MARKED.search(repr(result))
        return self._after_clear.get(int(found.group(1))) if found is not None else None

    def _load(self, _positional: Any, _named: Any) -> str:
        with self._lock:
            number = len(self._after_clear) + 1
            self._after_clear[number] = self.is_cleared
            is_held = threading.current_thread() is self._held and not self.began.is_set()
        if is_held:
            self.began.set()
            self.go_on.wait(_LONGEST_SECONDS)
        return _MARK % number


def why_not_replaceable(function: FunctionType) -> Optional[str]:
    """A sentence about functions whose call is not the load itself; None for the others."""
    if inspect.iscoroutinefunction(function):
        return "it is a coroutine function; only functions that threads call are checked"
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        return "it is a generator function, so its cache keeps generators and not values"
    return None


def _calling(hook: Callable[[Any, Any], Any], code: CodeType) -> CodeType:
    """Code that takes anything and calls `hook`, for a function with the variables that `code` has in its closure.

    The hook is a constant of it: the names that the function sees are the program's.
    """
    names = ", ".join(f"v{index}" for index in range(len(code.co_freevars)))
    closure = f"    {names.replace(', ', ' = ')} = None\n" if names else ""
    use = f"        if 0: {names}\n" if names else ""
    text = f"def outer():\n{closure}    def stub(*a, **k):\n{use}        return {_HOOK!r}(a, k)\n    return stub\n"
    made: Dict[str, Any] = {}
    with warnings.catch_warnings():
        # "str object is not callable": it will be no str.
        warnings.simplefilter("ignore")
        exec(compile(text, code.co_filename, "exec"), made)
    stub: CodeType = made["outer"]().__code__
    constants: Any = tuple(hook if each == _HOOK else each for each in stub.co_consts)
    return stub.replace(co_consts=constants, co_name=code.co_name, co_firstlineno=code.co_firstlineno)
