"""Relative dates parsed with a base of their own per message: each base has its regular expressions (dateparser #985)."""

import datetime

import dateparser
from dateparser.languages.dictionary import Dictionary

BASE = datetime.datetime(2024, 1, 1)
calls = 0


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        base = BASE + datetime.timedelta(seconds=calls)
        dateparser.parse("12.01.2021", languages=["en"], settings={"RELATIVE_BASE": base})


def held():
    return len(Dictionary._split_regex_cache)
