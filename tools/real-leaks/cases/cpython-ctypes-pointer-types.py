"""An array type for each length of a message: ctypes.POINTER keeps every one (CPython #100926)."""

import ctypes

LENGTH = 0


def send(length):
    row = (ctypes.c_char * length)()
    return ctypes.cast(row, ctypes.POINTER(ctypes.c_char * length))


def exercise(n):
    global LENGTH
    for _ in range(n):
        LENGTH += 1
        send(LENGTH)


def held():
    return len(ctypes._pointer_type_cache)
