"""The pages of the interface."""

from api.tracing import traced


@traced
def show(number, filters):
    return {"number": number, "lines": ["line %d of %d" % (line, number) for line in range(40)], "filters": filters}


def answer(number):
    return show(number, "newest first, number %d" % number)["lines"][0]
