"""Options and ini values of the pytest plugin, and which tests they choose."""

from typing import Any, NamedTuple, Optional

import pytest

from ._guard_rounds import Settings

MARKER = "no_leak"
_INI = (
    ("deadweight_calls", "calls in the first round of the leak guard (default 10)", 10),
    ("deadweight_warmup", "calls before the first round (default 10)", 10),
    ("deadweight_rounds", "rounds that must all grow before a test fails (default 10)", 10),
)


def add_options(parser: Any) -> None:
    """`--deadweight`, `--deadweight-baseline`, `--deadweight-update-baseline` and the ini values."""
    group = parser.getgroup("deadweight", "memory leaks")
    group.addoption("--deadweight", action="store_true", help="repeat every test and fail those that leak")
    group.addoption("--deadweight-baseline", metavar="FILE", default=None, help="known leaks, each with an expiry date")
    group.addoption(
        "--deadweight-update-baseline", action="store_true", help="write the leaks found now to the baseline"
    )
    for name, text, default in _INI:
        parser.addini(name, text, default=str(default))
    parser.addini("deadweight_baseline", "file of known leaks", default="")


class Guarding(NamedTuple):
    """How a test is guarded, and whether it asked for it itself."""

    settings: Settings
    is_marked: bool


def guarding_of(item: Any) -> Optional[Guarding]:
    """None when a test is not guarded: not a Python function or unittest method, no marker and no `--deadweight`."""
    if not isinstance(item, pytest.Function):
        return None
    marker = item.get_closest_marker(MARKER)
    if marker is None and not item.config.getoption("deadweight"):
        return None
    given = marker.kwargs if marker is not None else {}
    unknown = sorted(set(given) - set(Settings._fields))
    if unknown or (marker is not None and marker.args):
        raise pytest.UsageError(f"no_leak takes calls=, warmup= and rounds=, not {', '.join(unknown) or 'positions'}")
    return Guarding(settings_of(item.config)._replace(**given), marker is not None)


def settings_of(config: Any) -> Settings:
    """What the ini file says."""
    return Settings(
        calls=int(config.getini("deadweight_calls")),
        warmup=int(config.getini("deadweight_warmup")),
        rounds=int(config.getini("deadweight_rounds")),
    )


def baseline_file(config: Any) -> Optional[str]:
    """The file of known leaks; None when none is named."""
    named = config.getoption("deadweight_baseline")
    if named is not None:
        return str(named)
    ini = config.getini("deadweight_baseline")
    return str(config.rootpath / ini) if ini else None
