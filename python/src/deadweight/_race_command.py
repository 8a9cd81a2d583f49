"""`python -m deadweight race`: caches of a project that are stale after a clear, for the terminal and for CI."""

import argparse
import importlib
import json
import os
import sys
from typing import Any, List

from ._race_caches import cached_function, find_cached
from ._race_scenarios import Verdict, run_scenarios

_STALE, _COULD_NOT = 1, 2


def main(words: List[str]) -> int:
    """0 when none is stale, 1 when one is, 2 when nothing could be checked."""
    parser = argparse.ArgumentParser(
        prog="python -m deadweight race",
        description="Holds up the load of a cached function, clears the cache meanwhile, and looks at what later calls get.",
    )
    parser.add_argument("targets", nargs="+", metavar="MODULE[:FUNCTION]", help="a function, or all found in a module")
    parser.add_argument("--load", metavar="MODULE:FUNCTION", help="what loads a value; its body does not run")
    parser.add_argument("--clear", metavar="MODULE:FUNCTION", help="what clears the cache, as shop.prices:CACHE.clear")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    given = parser.parse_args(words)
    # As with `python -m pytest`: the project's own modules.
    sys.path.insert(0, os.getcwd())
    try:
        verdicts = [verdict for target in given.targets for verdict in _verdicts_of(target, given)]
    except (ImportError, AttributeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return _COULD_NOT
    print(_as_json(verdicts) if given.json else _as_text(verdicts))
    if any(each.verdict == "stale" for each in verdicts):
        return _STALE
    return 0 if any(each.verdict == "fresh" for each in verdicts) else _COULD_NOT


def _verdicts_of(target: str, given: Any) -> List[Verdict]:
    if ":" not in target:
        if given.load or given.clear:
            raise ValueError("--load and --clear need MODULE:FUNCTION")
        return [run_scenarios(cached, None) for cached in find_cached(target)]
    load = _resolve(given.load) if given.load else None
    clear = _resolve(given.clear) if given.clear else None
    return [run_scenarios(cached_function(_resolve(target), load, clear), None)]


def _resolve(place: str) -> Any:
    module, _, path = place.partition(":")
    value = importlib.import_module(module)
    for word in path.split("."):
        value = getattr(value, word)
    return value


def _as_text(verdicts: List[Verdict]) -> str:
    stale = sum(each.verdict == "stale" for each in verdicts)
    order = {"stale": 0, "not checked": 1, "fresh": 2}
    shown = [str(each) for each in sorted(verdicts, key=lambda each: order[each.verdict])]
    count = len(verdicts)
    return "\n".join([*shown, f"{count} cached function{'s' if count != 1 else ''}, {stale} stale after a clear"])


def _as_json(verdicts: List[Verdict]) -> str:
    return json.dumps({"schema": "deadweight/race@1", "functions": [each._asdict() for each in verdicts]})
