"""Work that a tool may slow down: `probe.py SECONDS [tracemalloc FRAMES]` prints CPU nanoseconds per iteration.

Each iteration makes some hundred objects, keeps the last thousand iterations' and lets JSON and sorting run in between.
"""

import json
import sys
import time
from collections import deque

KEPT = deque(maxlen=1000)


def iteration(number):
    rows = [{"id": number + at, "name": "n%d" % at, "tags": [at, number]} for at in range(20)]
    KEPT.append(rows)
    rows.sort(key=lambda row: -row["id"])
    return len(json.dumps(rows))


def main(seconds):
    for number in range(500):
        iteration(number)
    count, began = 0, time.process_time_ns()
    until = began + int(seconds * 1e9)
    while time.process_time_ns() < until:
        for _ in range(50):
            iteration(count)
        count += 50
    print("cost %.1f" % ((time.process_time_ns() - began) / count), flush=True)


if len(sys.argv) > 2:
    import tracemalloc

    tracemalloc.start(int(sys.argv[3]))
main(float(sys.argv[1]))
