"""Counts what the claimed holder keeps, before and after more of the same work: prove.py CASE.py WARM_UP EXERCISE."""

import importlib.util
import json
import sys


def load(path):
    spec = importlib.util.spec_from_file_location("service", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["service"] = module
    spec.loader.exec_module(module)
    return module


def main(path, warm_up, count):
    case = load(path)
    case.exercise(int(warm_up))
    before = case.held()
    case.exercise(int(count))
    print(json.dumps({"before": before, "after": case.held()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
