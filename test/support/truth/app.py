# A heap with one of everything, for comparing what we read from outside with what Python says inside.
# fill(entries) makes about `entries` objects in the proportions of a service: many plain records, few exotic things.
# Runs on Python 3.8 and later, standard library only; numpy is used when it can be imported.

import array
import asyncio
import collections
import contextvars
import ctypes
import datetime
import decimal
import enum
import fractions
import functools
import io
import itertools
import queue
import random
import re
import sys
import threading
import types
import uuid
import weakref

try:
    import numpy
except ImportError:
    numpy = None

GARBAGE_CYCLES = 1000

cache = {}
registry = {}
exotic = []
garbage = {"cycles": 0, "objects": 0, "bytes": 0}


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class HalfSlotted(Point):
    """Slots of the base and a __dict__ of its own."""


class WeakSlotted:
    __slots__ = ("value", "__weakref__")


class Address:
    def __init__(self, number):
        self.street = "street %d" % number
        self.zip = number * 7 + 100000


class User:
    kind = "user"

    def __init__(self, number):
        self.name = "user%d" % number
        self.age = number + 1000.5
        self.tags = ["a", "b", "tag%d" % number]
        self.address = Address(number)

    @property
    def label(self):
        return self.name

    @classmethod
    def make(cls, number):
        return cls(number)


class Big(User):
    """More attributes than shared keys take: falls back to a plain dict."""

    def __init__(self, number):
        super().__init__(number)
        for k in range(40):
            setattr(self, "attr%d" % k, [k])


class Late:
    """Attributes in another order for every other instance."""

    def __init__(self, number):
        for name in ("red", "green", "blue")[:: 1 if number % 2 else -1]:
            setattr(self, name, name + str(number))


class Meta(type):
    registry = []

    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        Meta.registry.append(cls)


class WithMeta(metaclass=Meta):
    shared = {"of": "the class"}


class DictSub(dict):
    pass


class DictSlotted(dict):
    __slots__ = ("extra",)


class ListSub(list):
    pass


class ListSlotted(list):
    __slots__ = ("extra",)


class TupleSub(tuple):
    pass


class StrSub(str):
    pass


class BytesSub(bytes):
    pass


class IntSub(int):
    pass


class FloatSub(float):
    __slots__ = ()


class SetSub(set):
    pass


class DequeSub(collections.deque):
    pass


class ByteArraySub(bytearray):
    pass


class ThreadLocalSub(threading.local):
    pass


class AppError(Exception):
    def __init__(self, *args):
        super().__init__(*args)
        self.details = {"args": args}


class Color(enum.Enum):
    RED = 1
    BLUE = "blue"


class Rights(enum.IntFlag):
    READ = 1
    WRITE = 2


class Structure(ctypes.Structure):
    _fields_ = [("number", ctypes.c_int), ("text", ctypes.c_char_p), ("object", ctypes.py_object)]


Triple = collections.namedtuple("Triple", "a b c")
request_id = contextvars.ContextVar("request_id")


@functools.lru_cache(maxsize=500)
def bounded(number):
    return "result-%d" % number


@functools.lru_cache(maxsize=None)
def unbounded(number, key=None):
    return [number, key]


class Service:
    @functools.lru_cache(maxsize=128)
    def method(self, number):
        return (self, number * 1000003)


service = Service()


def counting(limit):
    kept = ["local of counting", limit]
    for number in range(limit):
        yield (number, kept)


def delegating(limit):
    before = ["local of delegating"]
    yield from counting(limit)
    return before


async def never_started(argument):
    return {"argument": argument}


class Forever:
    def __await__(self):
        yield "waiting"


async def suspended(argument):
    held = {"by": "coroutine", "argument": argument}
    await Forever()
    return held


async def waiting_for(future):
    held = ["by task"]
    await future
    return held


async def async_counting(limit):
    held = ["by async generator", limit]
    for number in range(limit):
        await Forever()
        yield number, held


def make_closure(number):
    rows = {"number": number}

    def inner(first, second=[number], *, third={"third": number}):
        return rows, first, second, third

    return inner


def entry(number):
    return {
        "id": 1000000 + number,
        "user": "name-%d" % number,
        "items": [number + 5000, number + 6000, "item%d" % number],
        "meta": (number + 7000, "meta%d" % number, None),
    }


def raise_deeply(number, depth):
    local_of_frame = ["kept by traceback", number]
    if depth == 0:
        raise AppError("planned", number, local_of_frame)
    raise_deeply(number, depth - 1)


def caught(number):
    try:
        try:
            raise_deeply(number, 3)
        except AppError as first:
            raise KeyError("second") from first
    except KeyError as error:
        return error


def handle(job, ready, finish):
    rows = {"job": job, "rows": [[i, "row %d" % i] for i in range(50)]}
    ready.set()
    finish.wait()
    return rows


def start_worker():
    ready, finish = threading.Event(), threading.Event()
    worker = threading.Thread(target=handle, args=("job-1", ready, finish), name="worker-1", daemon=True)
    worker.start()
    ready.wait()
    return worker


def started(coroutine):
    coroutine.send(None)
    return coroutine


def add_instances(i):
    with_attributes = [DictSub(a=i, b=[i]), ListSub([i]), TupleSub((1, [i])), StrSub("s%d" % i), BytesSub(b"b%d" % i),
                       IntSub(10 ** 30 + i), SetSub([i]), DequeSub([i]), ByteArraySub(b"x%d" % i), HalfSlotted(i, [i])]
    for instance in with_attributes:
        instance.attribute = [i, "attribute"]
    slotted = ListSlotted([i, "x%d" % i])
    slotted.extra = {"extra": i}
    slotted_dict = DictSlotted(a=i)
    slotted_dict.extra = [i]
    weak_slotted = WeakSlotted()
    weak_slotted.value = [i]
    exotic.extend(with_attributes)
    exotic.extend([slotted, slotted_dict, weak_slotted, Big(i), Late(i), WithMeta(), FloatSub(i), Triple(i, [i], "c%d" % i)])
    exotic.append(weakref.ref(weak_slotted))
    shown = User(i)
    shown.__dict__
    changed = User(i)
    changed.__dict__["added"] = [1]
    del changed.name
    emptied = User(i)
    emptied.__dict__.clear()
    replaced = User(i)
    replaced.__dict__ = {"replaced": [i]}
    exotic.extend([shown, changed, emptied, replaced, types.SimpleNamespace(a=[i]), Color.RED, Rights.READ | Rights.WRITE])


def add_containers(i):
    exotic.append(collections.OrderedDict((("o%d" % k, [k + i]) for k in range(i % 30))))
    exotic.append(collections.defaultdict(list, {i: [1]}))
    exotic.append(collections.Counter("abc%d" % i))
    exotic.append(collections.ChainMap({"a": [i]}, {"b": i}))
    exotic.append(collections.UserDict(a=[i]))
    exotic.append(collections.deque(range(i % 200 + 1000, i % 200 + 1100), maxlen=i % 90 + 20))
    exotic.append({1, "z%d" % i, (i, "u")})
    exotic.append(frozenset(range(1000 + i, 1030 + i)))
    thinned_set = set(range(5000, 5000 + i % 40))
    for k in range(i % 37):
        thinned_set.discard(5000 + k)
    thinned_dict = {k: k + 1000 for k in range(i % 50)}
    for k in range(0, i % 40, 2):
        thinned_dict.pop(k, None)
    rotated = collections.deque([[k] for k in range(100)])
    for _ in range(i % 70):
        rotated.append(rotated.popleft())
    jobs = queue.Queue()
    jobs.put(("job", [i]))
    cyclic = [i]
    cyclic.append(cyclic)
    exotic.extend([thinned_set, thinned_dict, rotated, jobs, cyclic])


def add_callables(i):
    closure = make_closure(i)
    exotic.extend([closure, closure.__call__, User(i).label, User.make, service.method, property(closure), staticmethod(closure)])
    exotic.extend([classmethod(closure), functools.partial(entry, i, x=[i]), functools.partialmethod(entry, [i])])
    exotic.extend([[].append, {"a": i}.get, types.MethodType(closure, [i]), types.MappingProxyType({"k": [i]})])
    exotic.append(functools.singledispatch(closure) if i % 50 == 0 else None)


def add_suspended(i):
    first, second, finished = counting(3), delegating(3), counting(1)
    next(first), next(second), list(finished)
    exotic.extend([first, second, finished, counting(i), (n for n in [i]), suspended, started(suspended(i))])
    exotic.extend([never_started(i), async_counting(2), first.gi_frame])
    awaiting = async_counting(5).__anext__()
    awaiting.send(None)
    exotic.extend([awaiting, caught(i), sys.exc_info()])


def add_iterators(i):
    thing = {i: [1], "b": [2]}
    exotic.extend([iter([i, [2]]), iter((i, [2])), iter(thing), iter(thing.items()), thing.keys(), thing.values(), thing.items()])
    exotic.extend([iter({i, "s"}), iter(collections.deque([[i]])), reversed([i, [3]]), zip([i], [2]), enumerate([[i]])])
    exotic.extend([map(str, [i]), filter(None, [[i]]), itertools.chain([i], (i,)), itertools.islice([[i]], 1)])
    exotic.extend([itertools.count([i][0]), itertools.cycle([[i]]), itertools.product([i], [[1]]), itertools.repeat([i])])
    exotic.extend([itertools.groupby([[i]]), itertools.accumulate([[i]]), *itertools.tee([[i]]), range(i, i + 1000), slice(i, [i])])
    exotic.append(re.finditer("a", "a%d" % i))
    exotic.append(re.match("(a)(?P<rest>.*)", "a%d" % i))


def add_leaves(i):
    exotic.extend(["\u20ac%d" % i, "\U0001F600%d" % i, "\xe9%d" % i, b"bytes%d" % i, bytearray(i % 100), 1 << (i % 3000)])
    exotic.extend([-i - 1000, complex(i, 1), i + 0.125, datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)])
    exotic.extend([datetime.timedelta(i), datetime.date(2020, 1, 1), decimal.Decimal(i) / 7, fractions.Fraction(i, 7)])
    exotic.extend([uuid.UUID(int=i), re.compile("a+b*%d" % (i % 50)), random.Random(i) if i % 50 == 0 else None])


def add_buffers(i):
    written = io.StringIO()
    written.write("\u20ac%d" % i)
    half_read = io.StringIO("one\ntwo %d\n" % i)
    half_read.readline()
    grown = io.BytesIO()
    grown.write(b"g" * (i % 1000))
    exotic.extend([written, half_read, grown, io.BytesIO(b"shared%d" % i), io.BufferedReader(io.BytesIO(b"r" * 100), 64 + i % 9)])
    exotic.extend([io.BufferedRWPair(io.BytesIO(b"x"), io.BytesIO()), io.TextIOWrapper(io.BytesIO(b"text"), encoding="utf-8")])
    grown_array = array.array("d", range(i % 30))
    grown_array.append(1.5)
    popped = bytearray(b"popped from the front")
    del popped[:3]
    block = bytes(i % 50 + 1)
    exotic.extend([grown_array, array.array("b", b"text"), popped, memoryview(block), memoryview(grown_array)[1:]])
    structure = Structure(i, b"text", [i])
    exotic.extend([structure, ctypes.pointer(structure), (ctypes.c_int * 5)(1, 2, 3), ctypes.c_int(i), ctypes.create_string_buffer(20)])
    if numpy is not None:
        owner = numpy.zeros(100 + i)
        exotic.extend([owner, owner[10:20], owner.reshape(-1, 1), numpy.array(["x", [i]], dtype=object), numpy.float64(i)])
        exotic.append(numpy.frombuffer(block, dtype="u1"))


def add_synchronised(i):
    local = ThreadLocalSub()
    local.value = [i]
    context = contextvars.copy_context()
    context.run(request_id.set, ["in context", i])
    target = User(i)
    weak_key, weak_value = weakref.WeakKeyDictionary(), weakref.WeakValueDictionary()
    weak_key[target] = [i]
    weak_value["user"] = target
    exotic.extend([local, context, target, weak_key, weak_value, weakref.WeakSet([target]), weakref.proxy(target)])
    exotic.append(weakref.ref(target, make_closure(i)))
    exotic.append(weakref.finalize(target, entry, i))
    exotic.extend([threading.Lock(), threading.RLock(), threading.Condition(), threading.Event(), ThreadLocalSub])


def add_modules_and_code(i):
    module = types.ModuleType("made_%d" % i)
    module.value = [i]
    namespace = {}
    exec("def f(a, *, b=[%d]):\n  '''doc'''\n  return [a for _ in b]\nclass C:\n  x: int = %d\n" % (i, i), namespace)
    exotic.extend([module, namespace, type("Made%d" % i, (User,), {"value": [i]}), compile("x = %d" % i, "made.py", "exec")])
    loop = asyncio.new_event_loop()
    future = loop.create_future()
    future.add_done_callback(make_closure(i))
    exotic.extend([future, loop.create_task(waiting_for(future))])
    loop.run_until_complete(asyncio.sleep(0))
    exotic.append(loop)


def fill(entries):
    """About `entries` objects: a third each in records, users and small shapes; then the exotic kinds."""
    for i in range(entries // 33):
        cache["k%d" % i] = entry(i)
    registry["users"] = [User(i) for i in range(entries // 33)]
    registry["points"] = [Point(i + 0.5, "p%d" % i) for i in range(entries // 18)]
    registry["tuples"] = {i: (i + 0.25, ("t%d" % i, i)) for i in range(entries // 24)}
    for i in range(max(60, min(entries // 2000, 2000))):
        add_instances(i)
        add_containers(i)
        add_callables(i)
        add_suspended(i)
        add_iterators(i)
        add_leaves(i)
        add_buffers(i)
        add_synchronised(i)
        if i % 30 == 0:
            add_modules_and_code(i)
    for i in range(700):
        bounded(i)
    for i in range(400, 700):
        bounded(i)
    for i in range(300):
        unbounded(i, key="key")
    for i in range(200):
        service.method(i)


def grow(entries):
    """Adds records to the leaking cache, for series of snapshots."""
    start = len(cache)
    for i in range(start, start + entries):
        cache["k%d" % i] = entry(i)


def plant_garbage():
    """Cycles that nothing reaches, each a dict, a list and a string; the collector must be off."""
    for i in range(GARBAGE_CYCLES):
        knot = {}
        knot["self"] = [knot, "garbage%d" % i]
        garbage["bytes"] += sys.getsizeof(knot) + sys.getsizeof(knot["self"]) + sys.getsizeof(knot["self"][1])
    garbage["cycles"] += GARBAGE_CYCLES
    garbage["objects"] += 3 * GARBAGE_CYCLES
