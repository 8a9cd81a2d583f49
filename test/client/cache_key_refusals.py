"""What has no stable key, and what is said of it: prints one sentence a line, for the test to compare."""

import collections
import dataclasses
import io
import pickle
import socket
import threading
import weakref

from deadweight._cache_keys import KeyOptions, UnstableKeyError, digest, encode


class Session:
    pass


class Word(str):
    pass


class Basket:
    def __init__(self, owner):
        self.owner = owner


@dataclasses.dataclass
class Query:
    text: str
    by: object


class Tagged(Query):
    pass


Pair = collections.namedtuple("Pair", "left right")
circle = {"rows": [1]}
circle["rows"].append(circle)
itself = []
itself.append(itself)
deep = []
for _ in range(100):
    deep = [deep]


async def soon():
    pass


waiting = soon()
REFUSED = [
    lambda: 1,
    print,
    [].append,
    (each for each in ()),
    iter([]),
    waiting,
    io.StringIO(),
    open("/dev/null"),
    threading.Lock(),
    threading.RLock(),
    threading.Event(),
    Session(),
    socket.socket(),
    int,
    threading,
    object(),
    Word("x"),
    Basket(1),
    ValueError("x"),
    Tagged("a", 1),
    {"by": [Query("a", Pair(1, Basket(2)))]},
    {("x",): {1: Session()}},
    {(Session,): 1},
    frozenset([Session]),
    circle,
    itself,
    deep,
]

for value in REFUSED:
    try:
        digest([("page", 1), ("filter", value)], function="shop.find")
        print("no error")
    except UnstableKeyError as error:
        assert isinstance(error, TypeError) and error.__cause__ is None and error.__suppress_context__
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
        print(error)
waiting.close()

# The classes that a program makes as it goes are not kept alive by the table of writers.
options = KeyOptions()
made = []
for at in range(1200):
    cls = dataclasses.make_dataclass("Made", ["x"]) if at < 1100 else collections.namedtuple("Made%d" % at, "x")
    encode(cls(1), options=options)
    made.append(weakref.ref(cls))
    del cls
import gc  # noqa: E402

gc.collect()
assert sum(each() is not None for each in made) <= 501, sum(each() is not None for each in made)
print("classes let go")
