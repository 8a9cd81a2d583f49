"""Small pictures with a temporary file."""

import weakref


class Thumbnail:
    made = 0
    freed = 0

    def __init__(self, number):
        Thumbnail.made += 1
        self.pixels = bytearray(5000)
        self.name = "thumbnail-%d.png" % number
        weakref.finalize(self, self.remove)  # leak: here

    def remove(self):
        self.pixels = None

    def __del__(self):
        Thumbnail.freed += 1


def answer(number):
    return Thumbnail(number).name
