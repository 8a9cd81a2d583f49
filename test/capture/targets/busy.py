"""Three busy threads that count in a file-backed page, some live objects, and an optional amount of dead weight.

It uses whatever processor time is left over (nice), so that tests of many short processes end in time.

Usage: busy.py COUNTER_FILE [MEGABYTES]
"""
import mmap
import os
import struct
import sys
import threading

os.nice(10)
counter_file, megabytes = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8
ballast = [b"%07d" % i * 128 for i in range(megabytes * 1024)]
objects = [{"id": i, "row": [i, str(i)]} for i in range(20000)]

with open(counter_file, "r+b") as file:
    page = mmap.mmap(file.fileno(), 24)


def work(slot):
    count = 0
    while True:
        count += 1
        cycle = {"count": count}
        cycle["self"] = cycle
        struct.pack_into("<q", page, slot * 8, count)


for slot in range(3):
    threading.Thread(target=work, args=(slot,), daemon=True, name="worker-%d" % slot).start()
print("ready", flush=True)
# Ends with the test that started it, even if that one is killed.
sys.stdin.read()
os._exit(0)
