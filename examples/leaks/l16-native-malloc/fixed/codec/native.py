"""Calls into the C library, as a binding would."""

import ctypes

LIBC = ctypes.CDLL(None)
LIBC.malloc.restype = ctypes.c_void_p
LIBC.malloc.argtypes = [ctypes.c_size_t]
LIBC.free.argtypes = [ctypes.c_void_p]
LIBC.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
FRAME_BYTES = 24000

held = 0


def decode(number):
    frame = LIBC.malloc(FRAME_BYTES)
    try:
        LIBC.memset(frame, number % 256, FRAME_BYTES)
        return number % 256
    finally:
        LIBC.free(frame)
