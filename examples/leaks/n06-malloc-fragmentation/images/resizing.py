"""Resizes images; small previews of the latest ones are kept."""

import collections

RECENT = collections.deque(maxlen=200)


def answer(number):
    if number % 10 != 0:
        return "not an image"
    buffers = []
    for step in range(40 + number // 4):
        buffers.append(b"\1" * (20000 + (number * 37 + step * 911) % 60000))
        if step % 5 == 0:
            RECENT.append(b"\2" * 3000)
    return "resized in %d steps" % len(buffers)
