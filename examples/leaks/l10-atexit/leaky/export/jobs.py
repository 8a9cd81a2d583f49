"""Exports that must be closed, whatever happens."""

import atexit


class Job:
    made = 0
    freed = 0

    def __init__(self, number):
        Job.made += 1
        self.lines = ["line %d of export %d" % (line, number) for line in range(60)]
        atexit.register(self.close)  # leak: here

    def close(self):
        self.lines.clear()

    def __del__(self):
        Job.freed += 1


def answer(number):
    return Job(number).lines[number % 60]
