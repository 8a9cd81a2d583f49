"""Draws on canvases."""

SPARE = []


class Canvas:
    def __init__(self, number):
        self.pixels = bytearray(6000)
        self.title = "canvas %d" % number


def answer(number):
    canvas = SPARE.pop() if SPARE else Canvas(number)
    canvas.title = "canvas %d" % number
    canvas.pixels[number % 6000] = 255
    SPARE.append(canvas)
    return canvas.title
