# Allocates all the time, and says what a round costs in CPU time since it was asked last: "cost" on stdin, nanoseconds on stdout.

import json
import os
import sys
import time

os.set_blocking(0, False)
kept = []


def work(number):
    kept.append([number] * 3)
    if len(kept) > 1000:
        kept.clear()
    return json.loads(json.dumps({"number": number, "values": [number] * 20}))


rounds = 0
began = time.thread_time_ns()
print("ready", flush=True)
while True:
    for _ in range(100):
        work(rounds)
        rounds += 1
    try:
        asked = os.read(0, 64)
    except BlockingIOError:
        continue
    if asked == b"":
        break
    now = time.thread_time_ns()
    sys.stdout.write("%d\n" % ((now - began) / max(1, rounds)))
    sys.stdout.flush()
    rounds, began = 0, time.thread_time_ns()
