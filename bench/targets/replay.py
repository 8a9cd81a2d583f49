"""Calls a real cache with the keys of a trace. Usage: replay.py TRACE BOUND WARM BATCH [lru_cache|cached|cachetools]

TRACE is a file of 8-byte keys. The first WARM calls are made at once; then "ready" is printed. After a line of input the others are
made in batches of BATCH calls with a pause of a millisecond after each, "done" is printed, and it stays until its input ends.
"""

import array
import sys
import time

path, bound, warm, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
trace = array.array("q")
with open(path, "rb") as file:
    trace.frombytes(file.read())


kind = sys.argv[5] if len(sys.argv) > 5 else "lru_cache"
if kind == "lru_cache":
    import functools

    decorate = functools.lru_cache(maxsize=bound)
elif kind == "cached":
    import deadweight

    decorate = deadweight.cached(maxsize=bound)
else:
    import cachetools

    decorate = cachetools.cached(cachetools.LRUCache(bound))


@decorate
def load(key):
    return key


for key in trace[:warm]:
    load(key)
print("ready", flush=True)
sys.stdin.readline()
for start in range(warm, len(trace), batch):
    for key in trace[start : start + batch]:
        load(key)
    time.sleep(0.001)
print("done", flush=True)
sys.stdin.read()
