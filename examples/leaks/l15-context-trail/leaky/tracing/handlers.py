"""Answers requests in three steps."""

from tracing import trail


async def answer(number):
    for name in ("read", "look up", "render"):
        trail.step({"step": name, "details": ["%s %d of request %d" % (name, part, number) for part in range(15)]})
    return "done %d" % number
