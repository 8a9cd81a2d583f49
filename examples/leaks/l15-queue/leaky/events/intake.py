"""Takes events."""

from events import inbox


def answer(number):
    inbox.post({"number": number, "fields": ["field %d of event %d" % (field, number) for field in range(50)]})
    return "taken"
