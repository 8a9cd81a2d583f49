"""Runs a test item again and again, silently, with fresh fixtures of function scope each time."""

import warnings
from typing import Any, Callable, Dict, Iterator, List

from _pytest.runner import runtestprotocol


class CannotRepeat(Exception):
    """A test that passed once does not pass again in the same process."""


def repeater(item: Any) -> Callable[[], None]:
    """One set-up, call and tear-down of `item` per call. Raises CannotRepeat when it fails or skips."""

    def once() -> None:
        properties = list(item.user_properties)
        finalizers = [(each, len(each)) for each in _finalizers(item)]
        item._initrequest()
        with warnings.catch_warnings():
            # pytest keeps every warning of a test; those of a thousand repetitions are its growth, not the test's.
            warnings.simplefilter("ignore")
            # As if the module or class came next: what is the item's own is torn down, what is shared stays.
            reports = runtestprotocol(item, log=False, nextitem=item.parent)
        failed = [report for report in reports if report.outcome != "passed"]
        _forget(item, properties)
        for each, length in finalizers:
            # A fixture of wider scope notes each of its users; these have been torn down.
            del each[length:]
        if failed:
            raise CannotRepeat(_why(failed))

    return once


def _why(failed: List[Any]) -> str:
    report = failed[0]
    text = getattr(report, "longreprtext", "") or str(report.longrepr)
    return f"{report.when} {report.outcome}: {text.strip().splitlines()[-1] if text.strip() else 'no reason given'}"


def _forget(item: Any, properties: List[Any]) -> None:
    """What pytest keeps of each run: captured output, log records, properties, the last error."""
    item.user_properties[:] = properties
    item._report_sections.clear()
    logging_plugin = item.config.pluginmanager.get_plugin("logging-plugin")
    for name in ("caplog_handler", "report_handler"):
        handler = getattr(logging_plugin, name, None)
        if handler is not None:
            handler.reset()


def _finalizers(item: Any) -> Iterator[List[Any]]:
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        for definition in definitions:
            kept = getattr(definition, "_finalizers", None)
            if isinstance(kept, list) and definition.scope != "function":
                yield kept


def shared_fixtures(item: Any) -> Dict[str, Any]:
    """Values of the item's fixtures of wider scope: what they hold lives longer than the test."""
    values: Dict[str, Any] = {}
    for name, definitions in item._fixtureinfo.name2fixturedefs.items():
        for definition in definitions:
            cached = getattr(definition, "cached_result", None)
            if definition.scope != "function" and cached is not None and cached[0] is not None:
                values[f"<fixture {name}>"] = cached[0]
    return values
