"""Books amounts."""

from ledger import journal


def answer(number):
    journal.write(b"%012d booked " % number * 300)
    return "booked"
