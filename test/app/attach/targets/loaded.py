# Two threads compute something that can be checked; the main thread runs Python all the time and tells, when asked, whether all of it
# was right and what it sees of itself. Ends when stdin does.

import functools
import gc
import hashlib
import json
import os
import select
import sys
import threading

EXPECTED = {}
stop = threading.Event()
rounds, wrong = [0, 0], []


@functools.lru_cache(maxsize=100)
def squared(number):
    return number * number


def work(index):
    while not stop.is_set():
        number = rounds[index] % 200
        table = {str(key): [key, squared(key)] for key in range(number, number + 50)}
        cycle = [table]
        cycle.append(cycle)
        digest = hashlib.md5(json.dumps(table, sort_keys=True).encode()).hexdigest()
        if EXPECTED.setdefault(number, digest) != digest:
            wrong.append(number)
        rounds[index] += 1


def state():
    return {
        "wrong": wrong,
        "rounds": rounds,
        "threads": len(os.listdir("/proc/self/task")),
        "files": len(os.listdir("/proc/self/fd")),
        "modules": [name for name in sys.modules if "deadweight" in name],
        "callbacks": len(gc.callbacks),
        "tracing": "_tracemalloc" in sys.modules and sys.modules["_tracemalloc"].is_tracing(),
    }


threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
for thread in threads:
    thread.start()
print("ready", flush=True)
while True:
    if select.select([sys.stdin], [], [], 0.002)[0]:
        word = sys.stdin.readline().strip()
        if word != "state":
            break
        print("state " + json.dumps(state()), flush=True)
stop.set()
for thread in threads:
    thread.join()
print("ended", wrong, flush=True)
