"""Sums up the sales of a region."""

import functools


class Report:
    def __init__(self, region, number):
        self.region = region
        self.rows = [(region, hour, "sale %d of request %d" % (hour, number)) for hour in range(40)]

    @staticmethod
    @functools.lru_cache(maxsize=64)
    def total(amount, currency):
        return "%d %s" % (amount, currency)


async def answer(number):
    report = Report("region-%d" % (number % 7), number)
    return report.total(sum(hour for _, hour, _ in report.rows), "EUR")
