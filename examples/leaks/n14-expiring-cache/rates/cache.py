"""Exchange rates, good for some seconds."""

import time

RATES = {}
GOOD_FOR_SECONDS = 4


def drop_old(now):
    for key in [key for key, (until, _) in RATES.items() if until < now]:
        del RATES[key]


async def answer(number):
    now = time.monotonic()
    if number % 25 == 0:
        drop_old(now)
    RATES["pair-%d" % number] = (now + GOOD_FOR_SECONDS, ["rate %d of %d" % (rate, number) for rate in range(50)])
    return "%d rates" % len(RATES)
