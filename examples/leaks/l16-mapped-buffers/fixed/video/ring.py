"""Frames of a video, in memory of their own."""

import mmap

FRAMES = []
MOST_FRAMES = 50
FRAME_BYTES = 16384


def answer(number):
    frame = mmap.mmap(-1, FRAME_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    frame.write(bytes([number % 256]) * FRAME_BYTES)
    FRAMES.append(frame)
    if len(FRAMES) > MOST_FRAMES:
        FRAMES.pop(0).close()
    return "frame %d" % len(FRAMES)
