"""Scores customers in a pool of threads."""

import concurrent.futures

from scoring import context

POOL = concurrent.futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix="scoring")


class Job:
    made = 0
    freed = 0

    def __init__(self, number):
        Job.made += 1
        self.features = ["feature %d of %d" % (feature, number) for feature in range(50)]

    def __del__(self):
        Job.freed += 1


def score(number):
    job = Job(number)
    context.begin(job)
    try:
        return "score %d" % (number % 100)
    finally:
        context.end()


def answer(number):
    return POOL.submit(score, number).result()
