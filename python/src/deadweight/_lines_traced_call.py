"""Runs a function under a trace function, and only it: before 3.12 tracing slows down all of a thread."""

import functools
import inspect
import sys
from typing import Any, Callable, Generator

Trace = Callable[..., Any]


def traced(function: Callable[..., Any], trace: Trace) -> Callable[..., Any]:
    """A function of the same kind that sets `trace` whenever the body of `function` runs, and takes it back after."""
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def run_coroutine(*args: Any, **kwargs: Any) -> Any:
            return await _TracedSteps(function(*args, **kwargs), trace)

        return run_coroutine
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def run_generator(*args: Any, **kwargs: Any) -> Any:
            return (yield from _TracedSteps(function(*args, **kwargs), trace))

        return run_generator
    if inspect.isasyncgenfunction(function):

        @functools.wraps(function)
        async def run_async_generator(*args: Any, **kwargs: Any) -> Any:
            steps = function(*args, **kwargs)
            try:
                value = await _TracedSteps(steps.__anext__(), trace)
                while True:
                    sent = yield value
                    value = await _TracedSteps(steps.asend(sent), trace)
            except StopAsyncIteration:
                return
            finally:
                await steps.aclose()

        return run_async_generator

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        before = sys.gettrace()
        if before is not None:
            # Ours already, or a debugger's, which is not disturbed.
            return function(*args, **kwargs)
        sys.settrace(trace)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(None)

    return run


class _TracedSteps:
    """A generator or coroutine each step of which runs under the trace function."""

    __slots__ = ("_steps", "_trace")

    def __init__(self, steps: Any, trace: Trace) -> None:
        self._steps = steps
        self._trace = trace

    def __await__(self) -> Generator[Any, Any, Any]:
        return self

    __iter__ = __await__

    def __next__(self) -> Any:
        return self._step(self._steps.send, None)

    def send(self, value: Any) -> Any:
        return self._step(self._steps.send, value)

    def throw(self, *error: Any) -> Any:
        return self._step(self._steps.throw, *error)

    def close(self) -> None:
        self._step(self._steps.close)

    def _step(self, go_on: Callable[..., Any], *given: Any) -> Any:
        if sys.gettrace() is not None:
            return go_on(*given)
        sys.settrace(self._trace)
        try:
            return go_on(*given)
        finally:
            sys.settrace(None)
