"""Workers whose loads take as long, and fail as often, as somebody outside says.

Usage: priced.py APP WORDS WORKERS. WORDS is a file of words: [0] milliseconds of a load, [1] 1 when loads raise, [2] 1 when it is over.
Prints "ready" and the pids.
"""

import mmap
import os
import sys
import time

import deadweight

APP, WORDS, WORKERS = sys.argv[1], sys.argv[2], int(sys.argv[3])
words = memoryview(mmap.mmap(os.open(WORDS, os.O_RDWR), 4096)).cast("Q")


@deadweight.cached(namespace="prices", maxsize=200)
def quote(symbol):
    time.sleep(words[0] / 1000)
    if words[1]:
        raise OSError("the source is down")
    return [symbol] * 20


@deadweight.cached(namespace="nobody", tags=["user:{user}"])
def asked_by_nobody(user):
    return user


def work():
    at = 0
    while not words[2]:
        at += 1
        try:
            quote(at % 120)
        except OSError:
            pass
        time.sleep(0.001)


deadweight.join(APP)
children = []
for _ in range(WORKERS):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    children.append(pid)
print("ready", *children, flush=True)
for pid in children:
    os.waitpid(pid, 0)
