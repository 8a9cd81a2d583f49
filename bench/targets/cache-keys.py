"""CPU time of one stable key beside what else programs key by: prints `case method microseconds`.

    python cache-keys.py [ROUNDS]

numpy and joblib are used where they are installed.
"""

import dataclasses
import functools
import hashlib
import json
import pickle
import sys
import time

from deadweight._cache_keys import digest, encode

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
ROUND_SECONDS = 0.05


@dataclasses.dataclass(frozen=True)
class Query:
    user: int
    lang: str
    page: int
    exact: bool


CASES = {
    "int": 42,
    "text": "user:42",
    "dict of 5": {"user": 42, "lang": "en", "page": 3, "exact": True, "sort": "price"},
    "nested list": [[at, at + 1, str(at)] for at in range(20)],
    "dataclass": Query(42, "en", 3, True),
}


def ours(value):
    return digest([("value", value)])


def with_pickle(value):
    return hashlib.blake2b(pickle.dumps(value, 5), digest_size=16).digest()


def with_json(value):
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).digest()


METHODS = {"deadweight": ours, "encode alone": encode, "pickle+blake2b": with_pickle, "json sorted": with_json}


def add_packages():
    try:
        import numpy

        CASES["array of 1 MB"] = numpy.arange(131_072, dtype="f8")
    except ImportError:
        pass
    try:
        import joblib

        METHODS["joblib.hash"] = functools.partial(joblib.hash)
    except ImportError:
        pass


def cpu_seconds(run, value, count):
    begin = time.process_time()
    for _ in range(count):
        run(value)
    return time.process_time() - begin


def main():
    add_packages()
    for case, value in CASES.items():
        counts = {}
        for name, run in METHODS.items():
            try:
                counts[name] = max(1, int(ROUND_SECONDS / max(cpu_seconds(run, value, 10) / 10, 1e-7)))
            except TypeError:
                pass
        least = dict.fromkeys(counts, float("inf"))
        # In turn, so that all of them see the same machine.
        for _ in range(ROUNDS):
            for name, count in counts.items():
                least[name] = min(least[name], cpu_seconds(METHODS[name], value, count) / count)
        for name, seconds in least.items():
            print("%-14s %-15s %8.2f" % (case, name, seconds * 1e6))


main()
