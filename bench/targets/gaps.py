# Looks at the clock without a pause and keeps the largest hole since it was asked last: "gap" on stdin, milliseconds on stdout.

import os
import sys
import time

os.set_blocking(0, False)
worst = 0
calls = []
print("ready", flush=True)
last = time.perf_counter_ns()
rounds = 0
while True:
    now = time.perf_counter_ns()
    if now - last > worst:
        worst = now - last
    last = now
    rounds += 1
    if rounds & 0xFFF == 0:
        try:
            asked = os.read(0, 64)
        except BlockingIOError:
            asked = None
        if asked == b"":
            break
        if asked:
            sys.stdout.write("%.3f\n" % (worst / 1e6))
            sys.stdout.flush()
            worst = 0
            last = time.perf_counter_ns()
