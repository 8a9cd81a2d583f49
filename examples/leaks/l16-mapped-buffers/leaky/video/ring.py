"""Frames of a video, in memory of their own."""

import mmap

FRAMES = []
FRAME_BYTES = 16384


def answer(number):
    frame = mmap.mmap(-1, FRAME_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    frame.write(bytes([number % 256]) * FRAME_BYTES)
    FRAMES.append(frame)  # leak: here
    return "frame %d" % len(FRAMES)
