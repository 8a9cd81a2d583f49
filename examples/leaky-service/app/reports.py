"""Summaries of the day, kept for the page that lists the latest ones."""

import collections

LATEST = collections.deque(maxlen=2000)


def collect_rows(region):
    return [(region, hour, "sales of hour %d in %s" % (hour, region)) for hour in range(60)]


def make_summary(rows):
    """Closes over all rows to say how many there are: the leak of --closure."""

    def summary():
        return "%d rows, first %s" % (len(rows), rows[0][2])

    return summary


def make_small_summary(rows):
    """Closes over the finished text only."""
    text = "%d rows, first %s" % (len(rows), rows[0][2])

    def summary():
        return text

    return summary


def publish(region, keep_rows):
    rows = collect_rows(region)
    summary = make_summary(rows) if keep_rows else make_small_summary(rows)
    LATEST.append(summary)
    return summary()
