"""Packs documents."""

import json
import zlib

from serving import stock

STATE = {"answered": 0}


def answer(number):
    text = json.dumps([stock.article(number + step) for step in range(60)])
    packed = zlib.compress(text.encode(), 6)
    STATE["answered"] += 1
    return "%d articles" % len(json.loads(zlib.decompress(packed)))
