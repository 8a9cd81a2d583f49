"""The program every tool is asked about: a heap of about N objects and a heartbeat thread that feels every pause.

    python3 bench/peers/target.py N            serves commands on standard input, ends with it
    python3 bench/peers/target.py N --truth    says what CACHE retains, by taking it away, and ends

Commands and answers are one JSON document per line:
    {"do": "mark"}                   forget the longest gap so far; answers with the CPU time used so far
    {"do": "read"}                   answers with the longest gap since, and the CPU time
    {"do": "run", "hook": "walk"}    runs a function of in_process.py here, on this thread, and answers with its steps
"""

import functools
import gc
import io
import json
import sys
import threading
import time

OBJECTS_PER_ROUND = 18  # as --truth counts on CPython 3.11
BEAT_SECONDS = 0.002

CACHE = {}  # the holder to be found: nothing is ever taken out of it
SESSIONS = []
POINTS = []


class Session:
    def __init__(self, number):
        self.user = "user%d" % number
        self.tags = ["tag%d" % number]
        self.started = number * 1.25


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


@functools.lru_cache(maxsize=None)
def lookup(number):
    return ("row", "result %d" % number)


def remember(number):
    """One request: what the growth reports of the tools are shown in addition."""
    CACHE["req-%d" % number] = {
        "id": number,
        "name": "name%d" % number,
        "items": [number * 1.5, (number, number + 1)],
        "seen": False,
    }


def fill(rounds):
    for number in range(1000, 1000 + rounds):
        remember(number)
        SESSIONS.append(Session(number))
        POINTS.append(Point(number * 0.5, number * 0.25))
        lookup(number)


class Pulse:
    """Notes the longest time between two beats: a stop of the process or of the interpreter lock is a gap."""

    def __init__(self):
        self.last = time.perf_counter()
        self.longest = 0.0
        threading.Thread(target=self.run, name="pulse", daemon=True).start()

    def run(self):
        while True:
            time.sleep(BEAT_SECONDS)
            # By way of C code: PyHeap waits for a call of _PyEval_EvalFrameDefault, and since 3.11 a call from Python
            # to Python makes none. A program in a plain Python loop would keep it waiting for ever.
            sorted((0,), key=self.beat)

    def beat(self, _):
        now = time.perf_counter()
        self.longest = max(self.longest, now - self.last)
        self.last = now

    def forget(self):
        self.longest = 0.0

    def longest_ms(self):
        # The gap that is still open counts: this thread may hold the lock that the other one is waiting for.
        return max(self.longest, time.perf_counter() - self.last) * 1000


def run_hook(name, pulse):
    """The time between two yields of a hook is one step."""
    import in_process

    heap = sys.modules["__main__"]
    steps, longest = [], 0.0
    printed, own_output = io.StringIO(), sys.stdout
    sys.stdout = printed
    try:
        running = getattr(in_process, name)(heap, printed)
        answer = None
        while answer is None:
            pulse.forget()
            start, cpu = time.perf_counter(), time.process_time()
            try:
                step = next(running)
            except StopIteration as stop:
                answer = stop.value
                break
            gap = pulse.longest_ms()
            longest = max(longest, gap)
            steps.append(
                {
                    "name": step,
                    "seconds": time.perf_counter() - start,
                    "cpuSeconds": time.process_time() - cpu,
                    "gapMs": gap,
                }
            )
    finally:
        sys.stdout = own_output
    return {"steps": steps, "gapMs": longest, "answer": answer}


def obey(command, pulse):
    if command["do"] == "mark":
        pulse.forget()
        return {"cpuSeconds": time.process_time()}
    if command["do"] == "read":
        return {"gapMs": pulse.longest_ms(), "cpuSeconds": time.process_time()}
    try:
        return run_hook(command["hook"], pulse)
    except Exception as problem:  # what a foreign tool throws is its answer
        return {"error": "%s: %s" % (type(problem).__name__, problem)}


def serve():
    pulse = Pulse()
    print(json.dumps({"python": sys.version}), flush=True)
    for line in iter(sys.stdin.readline, ""):
        print(json.dumps(obey(json.loads(line), pulse)), flush=True)


def count_everything():
    """Not the loop that is measured: gc.get_referents leaves out the keys of a dict that are strings."""
    stack = gc.get_objects()
    seen = set(map(id, stack))
    objects = size = 0
    while stack:
        item = stack.pop()
        objects += 1
        size += sys.getsizeof(item)
        keys = list(item) if type(item) is dict else ()
        for other in (*gc.get_referents(item), *keys):
            if id(other) not in seen:
                seen.add(id(other))
                stack.append(other)
    return {"objects": objects, "bytes": size}


def truth():
    """Retained is what goes away with the holder; so it is taken away."""
    gc.collect()  # or the garbage of starting up would be counted as freed with it
    before = count_everything()
    del globals()["CACHE"]
    gc.collect()
    after = count_everything()
    return {
        "objects": before["objects"],
        "bytes": before["bytes"],
        "cacheObjects": before["objects"] - after["objects"],
        "cacheBytes": before["bytes"] - after["bytes"],
    }


fill(int(sys.argv[1]) // OBJECTS_PER_ROUND)
if __name__ == "__main__":
    if "--truth" in sys.argv:
        print(json.dumps(truth()))
    else:
        serve()
