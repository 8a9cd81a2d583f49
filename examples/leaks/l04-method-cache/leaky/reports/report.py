"""Sums up the sales of a region."""

import functools


class Report:
    def __init__(self, region, number):
        self.region = region
        self.rows = [(region, hour, "sale %d of request %d" % (hour, number)) for hour in range(40)]

    @functools.lru_cache(maxsize=None)  # leak: here
    def total(self, currency):
        return "%d %s" % (sum(hour for _, hour, _ in self.rows), currency)


async def answer(number):
    report = Report("region-%d" % (number % 7), number)
    return report.total("EUR")  # leak: here
