"""Keeps a case busy as a service would, in small portions: serve.py CASE.py PORTION SECONDS_BETWEEN."""

import importlib.util
import sys
import time


def main(path, portion, pause):
    spec = importlib.util.spec_from_file_location("service", path)
    case = importlib.util.module_from_spec(spec)
    sys.modules["service"] = case
    spec.loader.exec_module(case)
    print("ready", flush=True)
    while True:
        case.exercise(int(portion))
        time.sleep(float(pause))


if __name__ == "__main__":
    main(*sys.argv[1:])
