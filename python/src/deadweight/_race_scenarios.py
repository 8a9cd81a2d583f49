"""The interleavings: a load that began before a clear ends after it, and later calls say what they got."""

import inspect
import threading
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from ._race_caches import CachedFunction
from ._race_load import StandIn, why_not_replaceable

#: What has not returned by then waits for the load; a clear that merely takes longer may be taken for one that waits.
_PATIENCE_SECONDS = 1.0
_LONGEST_SECONDS = 20.0

Arguments = Optional[Tuple[Any, ...]]


class Verdict(NamedTuple):
    """What was seen of one cached function."""

    name: str
    #: "stale", "fresh" or "not checked".
    verdict: str
    because: str
    #: What each thread did, in order.
    interleaving: List[str]

    def __str__(self) -> str:
        return "\n".join([f"{self.name}: {self.verdict}: {self.because}", *(f"  {step}" for step in self.interleaving)])


class _CannotCheck(Exception):
    """With a sentence."""


def run_scenarios(cached: CachedFunction, arguments: Arguments) -> Verdict:
    """Runs both; the first stale one is the verdict. Failures of the function or its clear are a verdict, too."""
    try:
        return _checked(cached, arguments)
    except _CannotCheck as error:
        return Verdict(cached.name, "not checked", str(error), [])


def _checked(cached: CachedFunction, arguments: Arguments) -> Verdict:
    if cached.load is None:
        raise _CannotCheck("the function that loads was not found among Python functions; give it as load=")
    if cached.clear is None:
        raise _CannotCheck("no way to clear it was found; give one as clear=")
    reason = why_not_replaceable(cached.load)
    if reason is not None:
        raise _CannotCheck(reason)
    given = arguments if arguments is not None else _made_up(cached.function)
    with StandIn(cached.load) as load:
        last = Verdict(cached.name, "fresh", "", [])
        try:
            for scenario in (_later_call, _call_while_loading):
                last = scenario(_Stage(cached, given, load))
                if last.verdict == "stale":
                    break
        finally:
            load.go_on.set()
            _quietly(cached.clear)
    return last


class _Stage:
    """The threads of one scenario, and the record of what they did."""

    def __init__(self, cached: CachedFunction, arguments: Tuple[Any, ...], load: StandIn) -> None:
        assert cached.clear is not None
        self.cached = cached
        self.load = load
        self.steps: List[str] = []
        self.clear_waited = False
        self._clear = cached.clear
        self._arguments = arguments
        short = cached.name.rpartition(".")[2]
        self._call_text = f"{short}({', '.join(map(_short, arguments))})"
        self._clear_text = f"{short} {cached.clear_name}" if "." in cached.clear_name else cached.clear_name

    def call(self) -> Any:
        return self.cached.function(*self._arguments)

    def begin_load(self) -> "_Task":
        _finished(_Task(self._clear), "the clear")
        first = _Task(self.call)
        self.load.hold(first.thread)
        first.thread.start()
        if not self.load.began.wait(_PATIENCE_SECONDS * 2):
            self.load.go_on.set()
            raise _CannotCheck(first.failure() or f"{self._call_text} right after a clear did not call the load")
        self.say(1, f"{self._call_text} begins to load")
        return first

    def clear(self) -> None:
        second = _Task(self._clear)
        second.thread.start()
        if not second.ends_within(_PATIENCE_SECONDS):
            self.clear_waited = True
            self.say(2, f"{self._clear_text} waits for the load")
            self.end_load()
        _finished(second, "the clear")
        self.load.is_cleared = True
        self.say(2, f"{self._clear_text} returns")

    def end_load(self) -> None:
        if not self.load.go_on.is_set():
            self.say(1, "its load ends")
            self.load.go_on.set()

    def judge(self, number: int, result: Any, because: str) -> Optional[Verdict]:
        """Stale when `result` comes from a load that began before the clear; None when it does not."""
        fresh = self.load.is_fresh(result)
        if fresh is None:
            raise _CannotCheck(f"{self._call_text} returned {_short(result)}, which does not come from the load")
        self.say(number, f"{self._call_text} returns what was loaded {'after' if fresh else 'BEFORE'} the clear")
        return None if fresh else Verdict(self.cached.name, "stale", because, self.steps)

    def say(self, thread: int, text: str) -> None:
        self.steps.append(f"thread {thread}  {text}")

    def fresh(self) -> Verdict:
        how = "a clear waits for loads" if self.clear_waited else "what was loaded before the clear is not kept"
        return Verdict(self.cached.name, "fresh", how, self.steps)


def _later_call(stage: _Stage) -> Verdict:
    first = stage.begin_load()
    stage.clear()
    stage.end_load()
    _finished(first, "the call")
    third = _Task(stage.call)
    third.thread.start()
    result = _finished(third, "the call")
    return stage.judge(3, result, "a load that ends after the clear is kept") or stage.fresh()


def _call_while_loading(stage: _Stage) -> Verdict:
    first = stage.begin_load()
    stage.clear()
    third = _Task(stage.call)
    third.thread.start()
    if not third.ends_within(_PATIENCE_SECONDS):
        stage.say(3, "the same call waits for the load")
        stage.end_load()
    stale = stage.judge(3, _finished(third, "the call"), "a call after the clear is given the load from before it")
    if stale is not None:
        return stale
    stage.end_load()
    _finished(first, "the call")
    fourth = _Task(stage.call)
    fourth.thread.start()
    result = _finished(fourth, "the call")
    return stage.judge(4, result, "an old load replaces a newer one") or stage.fresh()


class _Task:
    """A call in a thread of its own."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self._action = action
        self._outcome: Dict[str, Any] = {}
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self._outcome["result"] = self._action()
        except BaseException as error:
            self._outcome["error"] = error

    def ends_within(self, seconds: float) -> bool:
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def failure(self) -> Optional[str]:
        error = self._outcome.get("error")
        return None if error is None else f"it failed: {type(error).__name__}: {error}"

    def result(self) -> Any:
        return self._outcome.get("result")


def _finished(task: _Task, what: str) -> Any:
    """Its result. Raises _CannotCheck when it fails or never ends."""
    if task.thread.ident is None:
        task.thread.start()
    if not task.ends_within(_LONGEST_SECONDS):
        raise _CannotCheck(f"{what} did not end within {_LONGEST_SECONDS:.0f} s")
    failure = task.failure()
    if failure is not None:
        raise _CannotCheck(f"{what}: {failure}")
    return task.result()


def _made_up(function: Callable[..., Any]) -> Tuple[Any, ...]:
    """A text for each parameter that needs a value. Raises _CannotCheck when that is not enough."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ("race",)
    needed = [each for each in parameters if each.default is each.empty]
    if any(each.kind is each.KEYWORD_ONLY for each in needed):
        raise _CannotCheck("it has keyword-only parameters without a default; wrap the call in a function")
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(f"race-{each.name}" for each in needed if each.kind in positional)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:36] + "..."


def _quietly(clear: Callable[[], Any]) -> None:
    try:
        clear()
    except Exception:
        # The verdict has said so.
        return
