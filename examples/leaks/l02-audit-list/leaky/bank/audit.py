"""What was done, for the report of the day."""

ENTRIES = []


def record(account, amount, details):
    ENTRIES.append({"account": account, "amount": amount, "details": details})  # leak: here


def report():
    return "%d entries" % len(ENTRIES)
