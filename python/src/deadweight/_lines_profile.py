"""`@deadweight.profile`: line-by-line memory of the decorated function, printed when the program ends."""

import atexit
import sys
from types import CodeType
from typing import Any, Callable, List, Optional, TypeVar, cast

from ._lines_session import LinesSession
from ._lines_trace import TraceEngine
from ._lines_traced_call import traced

Function = TypeVar("Function", bound=Callable[..., Any])


class _Started:
    """The interpreter's one session: started by `deadweight lines`, or by the first decorated function."""

    session: Optional[LinesSession] = None


def profile(function: Function) -> Function:
    """Watches each line's memory whenever `function` runs (also a coroutine or generator function).

    On 3.12 and later the function itself is returned, unchanged. Before, it is wrapped, so that only it is traced. The
    table goes to stdout at exit, or to the caller of `deadweight lines`. Raises TypeError for what has no Python code.
    """
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        raise TypeError(f"profile needs a Python function, not {type(function).__name__}: it has no lines")
    session = _session()
    session.watch(code, str(function.__module__), str(function.__qualname__))
    if isinstance(session.engine, TraceEngine) and not session.engine.is_everywhere:
        return cast(Function, traced(function, session.engine.trace_call))
    return function


def use_session(session: LinesSession) -> None:
    """Decorated functions report to this session, and nothing is printed at exit."""
    _Started.session = session


def _session() -> LinesSession:
    if _Started.session is None:
        session = _Started.session = LinesSession(None)
        session.start()
        atexit.register(_print_at_exit, session)
    return _Started.session


def _print_at_exit(session: LinesSession) -> None:
    from ._lines_report import lines_report
    from ._lines_table import lines_table

    session.stop()
    script: List[str] = sys.argv[:1]
    sys.stdout.write(lines_table(lines_report(session, script[0] if script else "")))
