"""Asks C for memory at each call and forgets it; a child of it may do the same in Python."""

import ctypes
import subprocess
import sys

malloc = ctypes.CDLL(None).malloc
malloc.restype, malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
CHILD = "import sys\nKEPT = []\nfor line in sys.stdin:\n    KEPT.append(line * 20000)\n    print('done', flush=True)\n"


def native():
    while True:
        ctypes.memset(malloc(200_000), 1, 200_000)
        yield


def child():
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        while True:
            other.stdin.write("call\n")
            other.stdin.flush()
            other.stdout.readline()
            yield


for number, _ in enumerate({"native": native, "child": child}[sys.argv[1]]()):
    print("call %d" % number, flush=True)
