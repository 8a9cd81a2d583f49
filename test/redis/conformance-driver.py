"""One client of the conformance cases: reads a line of JSON, does it, writes a line of JSON."""

import json
import sys
import threading
import time

from deadweight import cached, redis_tier

held = {}


class Client:
    def __init__(self, url, app, define):
        self.tier = redis_tier(url, app=app, lease=2, timeout=2)
        self.defaults = define.get("defaults", {})
        self.local = threading.local()
        names = ("namespace", "version", "tags", "maxsize", "ttl")
        options = {name: define[name] for name in names if name in define}
        if "singleFlight" in define:
            options["single_flight"] = define["singleFlight"]
        if "staleWhileRevalidate" in define:
            options["stale_while_revalidate"] = define["staleWhileRevalidate"]
        if "maxBytes" in define:
            options.update(max_bytes=define["maxBytes"], size=lambda value: len(str(value)))
        if "errorTtl" in define:
            options.update(cache_errors=(IndexError,), error_ttl=define["errorTtl"])
        # Its signature is that of the case's arguments.
        parameters = ", ".join("%s=None" % name for name in ("x", "symbol", "day", "user", "team") if name in define["arguments"])
        scope = {"load": self.load}
        exec("def loader(%s):\n    return load()" % parameters, scope)
        self.function = cached(tier=self.tier, name=define["name"], **options)(scope["loader"])

    def load(self):
        mine = self.local
        if not hasattr(mine, "source"):
            # A thread that loads anew behind the caller's back.
            return self.source
        mine.loaded = True
        if mine.hold is not None:
            mine.hold.set()
            held["go"].wait(10)
        if mine.source is RAISES:
            raise IndexError("not there")
        return mine.source

    def call(self, arguments, source, hold=None):
        self.local.source, self.local.loaded, self.local.hold = source, False, hold
        self.source = source
        value = self.function(**{**self.defaults, **arguments})
        return value, self.local.loaded


RAISES = object()
SPECIAL = {"nan": float("nan"), "large": 2**60, "object": (1, 2)}


def do(client, step):
    if "call" in step and "raised" in step:
        try:
            return {"value": client.call(step["call"], RAISES if step["source"] == "raises" else step["source"])[0]}
        except IndexError as error:
            return {"raised": error.args[0], "loaded": client.local.loaded}
    if "call" in step and "becomes" in step:
        is_there = until(lambda: client.call(step["call"], step["source"])[0] == step["becomes"])
        return {"becomes": step["becomes"]} if is_there else {}
    if "call" in step:
        value, loaded = client.call(step["call"], SPECIAL[step["special"]] if "special" in step else step["source"])
        return {"loaded": loaded} if "special" in step else {"value": value, "loaded": loaded}
    if "begin" in step:
        started = threading.Event()
        held["go"], held["result"] = threading.Event(), []
        run = lambda: held["result"].append(client.call(step["begin"], step["source"], started)[0])
        held["thread"] = threading.Thread(target=run)
        held["thread"].start()
        return {"began": started.wait(10)}
    if "finish" in step:
        held["go"].set()
        held["thread"].join()
        return {"value": held["result"][0]}
    if "clear" in step:
        return {"id": client.tier.clear(*step["clear"])}
    follower = client.tier.follower()
    if "confirmed" in step:
        return {"confirmed": follower.wait_confirmed(10)}
    if "settled" in step:
        wanted = tuple(map(int, step["id"].split("-")))
        return {"settled": until(lambda: follower._position is not None and follower._position >= wanted)}
    if "setBack" in step:
        return {"setBack": until(lambda: follower.set_back >= step["setBack"] and follower.wait_confirmed(5))}
    if "hits" in step:
        return {"hits": client.function.cache_info().hits}
    raise ValueError(step)


def until(is_true):
    end = time.monotonic() + 10
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


client = None
for line in sys.stdin:
    step = json.loads(line)
    if "start" in step:
        if client is not None:
            client.tier.close()
        client = Client(step["start"], step["app"], step["define"])
        answer = {}
    else:
        answer = do(client, step)
    print(json.dumps(answer), flush=True)
