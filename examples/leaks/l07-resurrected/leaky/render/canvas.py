"""Draws on canvases."""

SPARE = []


class Canvas:
    def __init__(self, number):
        self.pixels = bytearray(6000)
        self.title = "canvas %d" % number

    def __del__(self):
        # Making a canvas is dear: keep it for the next request.
        SPARE.append(self)  # leak: here


def answer(number):
    canvas = Canvas(number)
    canvas.pixels[number % 6000] = 255
    return canvas.title
