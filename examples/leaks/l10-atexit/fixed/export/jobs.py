"""Exports that must be closed, whatever happens."""

import atexit


class Job:
    made = 0
    freed = 0

    def __init__(self, number):
        Job.made += 1
        self.lines = ["line %d of export %d" % (line, number) for line in range(60)]
        atexit.register(self.close)

    def close(self):
        atexit.unregister(self.close)

    def __del__(self):
        Job.freed += 1


def answer(number):
    job = Job(number)
    try:
        return job.lines[number % 60]
    finally:
        job.close()
