# Three threads that do nothing but make containers and cycles, with the collector on and running nearly all the time.
# Whoever stops this at a random instant finds half-built objects, stacks in motion and, often, a running collection.
#   gc-heavy.py COUNTER_FILE
# Says "ready" when the heap has its size; ends with its input.

import gc
import mmap
import os
import struct
import sys
import threading

STANDING = 60000
NEWEST = 400

with open(sys.argv[1], "r+b") as file:
    page = mmap.mmap(file.fileno(), 24)


class Node:
    def __init__(self, number, other):
        self.number = number
        self.other = other
        self.names = {"n%d" % number: [number, other]}


standing = [Node(number, (number, str(number))) for number in range(STANDING // 6)]
ready = threading.Barrier(4)


def work(slot):
    newest, count = [], 0
    while True:
        count += 1
        knot = Node(count, None)
        knot.other = [knot, {"knot": knot, count: (count, [])}]
        newest.append(({"row": [count] * (count % 50)}, {count, "x%d" % count}, knot))
        if len(newest) >= NEWEST:
            newest = newest[NEWEST // 2 :]
        standing[count % len(standing)] = Node(count, (count, str(count)))
        struct.pack_into("<q", page, slot * 8, count)
        if count == NEWEST:
            ready.wait()


gc.set_threshold(700, 5, 5)
for slot in range(3):
    threading.Thread(target=work, args=(slot,), daemon=True, name="worker-%d" % slot).start()
ready.wait()
print("ready", flush=True)
sys.stdin.read()
os._exit(0)
