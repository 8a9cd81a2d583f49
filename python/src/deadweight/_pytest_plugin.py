"""The pytest plugin (entry point `pytest11`): tests that leave something behind with every call fail.

Marked tests (`@pytest.mark.no_leak`), or all with `--deadweight`, run in growing rounds first; the report of the last,
ordinary run carries the verdict. The fixture `leakcheck` does the same for a function.
"""

import datetime
import re
from typing import Any, Callable, Dict, List, Optional

import pytest
from _pytest.runner import runtestprotocol

from ._guard_baseline import KnownLeak, expired, known_leak, read_baseline, write_baseline
from ._guard_repeat import CannotRepeat, repeater, shared_fixtures
from ._guard_rounds import Growth, Outcome, Settings, search
from ._guard_table import brief, leak_table
from ._pytest_options import MARKER, Guarding, add_options, baseline_file, guarding_of, settings_of

_VERDICT = "deadweight"
_GROWTH = "deadweight-growth"
_HOLDER = "deadweight-holder"


def pytest_addoption(parser: Any) -> None:
    """Options of the command line and of the ini file."""
    add_options(parser)


def pytest_configure(config: Any) -> None:
    """The marker is known to `--strict-markers`; the guard stands only for this session."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(calls=10, warmup=10, rounds=10): repeat the test; fail if every round leaves something behind",
    )
    config.pluginmanager.register(_Guard(config), "deadweight-guard")


class _Guard:
    """Repeats tests, judges, and keeps the baseline."""

    def __init__(self, config: Any) -> None:
        self._config = config
        self._file: Optional[str] = baseline_file(config)
        self._update = bool(config.getoption("deadweight_update_baseline"))
        if self._update and self._file is None:
            raise pytest.UsageError("--deadweight-update-baseline needs --deadweight-baseline FILE")
        try:
            self._known: List[KnownLeak] = read_baseline(self._file) if self._file is not None else []
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error
        self._found: Dict[str, List[str]] = {}
        self._verdicts: Dict[str, int] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Optional[bool]:
        """Rounds first, silently; then one ordinary run, which tears down what the next test does not need."""
        guarding = guarding_of(item)
        if guarding is None:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        failure = self._judge(item, guarding)
        item._initrequest()
        for report in runtestprotocol(item, log=False, nextitem=nextitem):
            if report.when == "call" and report.passed and failure is not None:
                report.outcome = "failed"
                report.longrepr = failure
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _judge(self, item: Any, guarding: Guarding) -> Optional[str]:
        """Why the test fails; None when it does not. Adds properties that JUnit files carry."""
        try:
            outcome = search(repeater(item), guarding.settings, lambda: shared_fixtures(item))
        except CannotRepeat as error:
            item.user_properties.append((_VERDICT, f"not repeatable ({error})"))
            return f"The test cannot be repeated, so no_leak proves nothing: {error}" if guarding.is_marked else None
        if not outcome.growths:
            item.user_properties.append((_VERDICT, f"steady after {outcome.calls} calls"))
            return None
        for growth in outcome.growths[:10]:
            item.user_properties.append((_GROWTH, brief(growth)))
        for holder in holders_of(outcome.growths):
            item.user_properties.append((_HOLDER, holder))
        borne = self._borne_with(item.nodeid, outcome)
        if borne is not None:
            item.user_properties.append((_VERDICT, borne))
            return None
        item.user_properties.append((_VERDICT, "leak"))
        return leak_table(outcome, item.nodeid) + self._expired_words(item.nodeid, outcome)

    def _borne_with(self, test: str, outcome: Outcome) -> Optional[str]:
        if self._update:
            return "leak, written to the baseline"
        entries = known_leak(self._known, test, outcome.growths)
        today = datetime.date.today()
        if entries is None or any(expired(entry, today) for entry in entries):
            return None
        return f"known leak until {min(entry.expires for entry in entries)}"

    def _expired_words(self, test: str, outcome: Outcome) -> str:
        entries = known_leak(self._known, test, outcome.growths)
        if entries is None:
            return ""
        return f"\n\nThe baseline {self._file} bore with it until {min(entry.expires for entry in entries)}."

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Runs where results come together, also under xdist: properties travel with the report."""
        if report.when != "call":
            return
        for name, value in report.user_properties:
            if name == _HOLDER:
                self._found.setdefault(report.nodeid, []).append(value)
            elif name == _VERDICT:
                kind = re.split(r" \(| after| until|,", str(value))[0]
                self._verdicts[kind] = self._verdicts.get(kind, 0) + 1

    def pytest_sessionfinish(self) -> None:
        """Only the controller writes; workers of xdist have `workerinput`."""
        if self._update and self._file is not None and not hasattr(self._config, "workerinput"):
            write_baseline(self._file, self._found, self._known, datetime.date.today())

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """One line: how many tests were steady, leaked, were known, could not be repeated."""
        if self._verdicts:
            parts = ", ".join(f"{count} {kind}" for kind, count in sorted(self._verdicts.items()))
            terminalreporter.write_sep("-", "deadweight")
            terminalreporter.write_line(parts)


def holders_of(growths: List[Growth]) -> List[str]:
    """What a baseline names: containers, or whatever grew when there is none."""
    containers = [growth.name for growth in growths if growth.kind == "container"]
    return containers or [growth.name for growth in growths]


class LeakFound(AssertionError):
    """A function that `leakcheck` called leaves something behind; the message is the table."""


@pytest.fixture
def leakcheck(request: Any) -> Callable[..., None]:
    """`leakcheck(function, *arguments, calls=, warmup=, rounds=)`: raises LeakFound when each round of calls grows."""

    def check(function: Callable[..., Any], *arguments: Any, **given: int) -> None:
        settings: Settings = settings_of(request.config)._replace(**given)

        def call() -> None:
            function(*arguments)

        outcome = search(call, settings)
        if outcome.growths:
            raise LeakFound(leak_table(outcome, getattr(function, "__qualname__", repr(function))))

    return check


@pytest.fixture
def racecheck() -> Callable[..., None]:
    """`racecheck(function, load=, clear=, arguments=)`: raises StaleAfterClear when a clear can leave old values."""
    from .race import require_fresh

    return require_fresh
