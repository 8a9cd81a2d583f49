"""Programs that repeat their work and print one line per call; the first word says which."""

import functools
import os
import sys

KEPT = {}


@functools.lru_cache(maxsize=1000000)
def remembered(number):
    return [number] * 10


def leaks(number):
    KEPT[number] = [number] * 10  # leak: here


def forgets(number):
    KEPT[number % 50] = [number] * 10


def ends(number):
    if number == 40:
        sys.exit(5)


def told(number):
    """Leaks one for each line that comes through a pipe with a name."""
    pipe = os.fdopen(os.open(sys.argv[2], os.O_RDWR), closefd=False)
    for line in pipe:
        number += 1
        KEPT[number] = [line] * 10
        sys.stdout.flush()


if __name__ == "__main__":
    work = {"leaks": leaks, "forgets": forgets, "fills": remembered, "ends": ends, "told": told}[sys.argv[1]]
    number = 0
    while True:
        number += 1
        work(number)
        print("call %d" % number, flush=True)
