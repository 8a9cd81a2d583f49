"""What was done, for the report of the day."""

ENTRIES = []
PAGE = 100


def record(account, amount, details):
    ENTRIES.append({"account": account, "amount": amount, "details": details})
    if len(ENTRIES) >= PAGE:
        report()


def report():
    text = "%d entries" % len(ENTRIES)
    ENTRIES.clear()
    return text
