# Tells what it sees of itself when it is asked, and runs Python again and again meanwhile. Ends when stdin does.

import gc
import json
import os
import select
import sys
import time
import warnings

SESSIONS = {}
CACHE = {}


class Session:
    def __init__(self, number):
        self.number = number
        self.data = bytearray(4000)


def handle(number):
    CACHE[number % 100] = [number] * 50
    SESSIONS[number] = Session(number)


def open_files():
    files = []
    for each in os.listdir("/proc/self/fd"):
        try:
            files.append(os.readlink("/proc/self/fd/" + each))
        except FileNotFoundError:
            pass  # The listing's own file, or one that another thread closed since.
    return sorted(files)


def state():
    ours = [name for name in sys.modules if "deadweight" in name]
    return {
        "threads": len(os.listdir("/proc/self/task")),
        "modules": ours,
        "files": open_files(),
        "callbacks": len(gc.callbacks),
        "paths": [sys.path, list(map(repr, sys.meta_path)), len(sys.path_hooks), sorted(sys.path_importer_cache)],
        "filters": len(warnings.filters),
        "names": sorted(globals()),
        "bytecode": [sys.pycache_prefix, sys.dont_write_bytecode],
        "tracing": "_tracemalloc" in sys.modules and sys.modules["_tracemalloc"].is_tracing(),
        "traced": sys.gettrace() is not None,
    }


def threads_of_child():
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        time.sleep(0.3)
        os.write(writer, str(len(os.listdir("/proc/self/task"))).encode())
        os._exit(0)
    answer = int(os.read(reader, 16))
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)
    return answer


def main():
    number = 0
    print("ready", flush=True)
    while True:
        if select.select([sys.stdin], [], [], 0.002)[0]:
            word = sys.stdin.readline().strip()
            if not word:
                return
            print(word + " " + json.dumps({"state": state, "fork": threads_of_child}[word]()), flush=True)
        for _ in range(5):
            handle(number)
            number += 1


main()
