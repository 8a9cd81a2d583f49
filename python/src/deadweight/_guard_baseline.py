"""Leaks that are known and bear with for a while: a JSON file with an expiry date for each."""

import datetime
import json
import os
from typing import Any, Dict, List, NamedTuple, Optional

from ._guard_rounds import Growth

SCHEMA = "deadweight/guard-baseline@1"
DAYS_ALLOWED = 90


class KnownLeak(NamedTuple):
    """One leak of one test; `holder` is the path or type that grew, `expires` the last day it is borne with (ISO)."""

    test: str
    holder: str
    expires: str
    reason: str


def read_baseline(file: str) -> List[KnownLeak]:
    """Raises ValueError with a sentence when the file is not one of ours; no file is an empty baseline."""
    if not os.path.exists(file):
        return []
    try:
        with open(file, encoding="utf-8") as source:
            document: Dict[str, Any] = json.load(source)
        if document.get("schema") != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        known = [
            KnownLeak(str(each["test"]), str(each["holder"]), str(each["expires"]), str(each.get("reason", "")))
            for each in document["known"]
        ]
        for each in known:
            datetime.date(*(int(part) for part in each.expires.split("-")))
        return known
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"the baseline {file} cannot be read: {error}") from error


def write_baseline(file: str, found: Dict[str, List[str]], before: List[KnownLeak], today: datetime.date) -> None:
    """Writes what was found now (test to holders); what was known before keeps its date and reason."""
    kept = {(each.test, each.holder): each for each in before}
    expires = (today + datetime.timedelta(days=DAYS_ALLOWED)).isoformat()
    known = [
        kept.get((test, holder), KnownLeak(test, holder, expires, ""))
        for test in sorted(found)
        for holder in sorted(set(found[test]))
    ]
    with open(file, "w", encoding="utf-8") as out:
        json.dump({"schema": SCHEMA, "known": [each._asdict() for each in known]}, out, indent=2)
        out.write("\n")


def known_leak(known: List[KnownLeak], test: str, growths: List[Growth]) -> Optional[List[KnownLeak]]:
    """The entries that cover all growths of a test; None when one growth is new.

    Where containers grew, they alone are compared: objects and memory are what is in them.
    """
    mine = {each.holder: each for each in known if each.test == test}
    named = [growth for growth in growths if growth.kind == "container"] or growths
    covering = [mine.get(growth.name) for growth in named]
    return [each for each in covering if each is not None] if all(covering) else None


def expired(entry: KnownLeak, today: datetime.date) -> bool:
    """Whether the last day has passed."""
    return today.isoformat() > entry.expires
