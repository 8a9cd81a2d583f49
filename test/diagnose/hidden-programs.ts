// Holders whose lines are not found by their name alone: behind libraries, factories, base classes and other files.

import type { LeakingProgram } from "./leaking-program.ts";

/** Calls `handle(number)` of a module again and again. */
const driven = (module: string, times: number = 300): string => `
import itertools, ${module}
numbers = itertools.count()
def work():
    for _ in range(${times}):
        ${module}.handle(next(numbers))
`;

export const HIDDEN_PROGRAMS: readonly LeakingProgram[] = [
  {
    name: "a list inside an object of the standard library",
    kind: "instance-attribute",
    path: /sys\.modules\['plan'\]\.calendar\._queue$/,
    cause: "L2",
    sources: {
      "plan.py": `
import sched
calendar = sched.scheduler()  # made
def handle(number):
    calendar.enter(10**6, 1, print, ("x" * 3000 + str(number),))  # fills
`,
      "main.py": driven("plan"),
    },
  },
  {
    name: "a dict that a factory makes",
    kind: "module-global",
    path: /RESULTS$/,
    cause: "L1",
    sources: {
      "results.py": `
def make():
    return {}
RESULTS = make()  # made
def handle(number):
    RESULTS[number] = "x" * 3000 + str(number)  # fills
`,
      "main.py": driven("results"),
    },
  },
  {
    name: "a subclass of dict",
    kind: "module-global",
    path: /REGISTRY$/,
    cause: "L1",
    sources: {
      "registry.py": `
class Registry(dict):
    def register(self, key, value):
        self[key] = value
REGISTRY = Registry()  # made
def handle(number):
    REGISTRY.register(number, "x" * 3000 + str(number))  # fills
`,
      "main.py": driven("registry"),
    },
  },
  {
    name: "a field of a dataclass",
    kind: "instance-attribute",
    path: /BOOK\.lines$/,
    cause: "L2",
    sources: {
      "book.py": `
from dataclasses import dataclass, field
from typing import List
@dataclass
class Book:
    title: str
    lines: List[str] = field(default_factory=list)  # made
    def write(self, line):
        self.lines.append(line)  # fills
BOOK = Book("log")
def handle(number):
    BOOK.write("x" * 3000 + str(number))
`,
      "main.py": driven("book"),
    },
  },
  {
    name: "an attribute that a base class makes",
    kind: "instance-attribute",
    path: /store\.items$/,
    cause: "L1",
    sources: {
      "base.py": `
class Base:
    def __init__(self):
        self.items = {}  # made
        self.kind = "base"
    def put(self, key, value):
        self.items[key] = value  # fills
`,
      "child.py": `
from base import Base
class Child(Base):
    pass
store = None
def get_store():
    global store
    if store is None:
        store = Child()
    return store
def handle(number):
    get_store().put(number, "x" * 3000 + str(number))
`,
      "main.py": driven("child"),
    },
  },
  {
    name: "a dict that is emptied too slowly",
    isDoubtful: true,
    kind: "module-global",
    path: /PENDING$/,
    cause: "L1",
    sources: {
      "inbox.py": `
PENDING = {}  # made
def handle(number):
    PENDING[number] = "x" * 3000 + str(number)  # fills
    if number % 10 == 0:
        PENDING.pop(number, None)  # empties
`,
      "main.py": driven("inbox"),
    },
  },
  {
    name: "the backlog of an executor",
    kind: "queue",
    path: /POOL\._work_queue/,
    cause: "L15",
    sources: {
      "pool.py": `
import threading
from concurrent.futures import ThreadPoolExecutor
POOL = ThreadPoolExecutor(1)
gate = threading.Event()
POOL.submit(gate.wait)
def handle(number):
    POOL.submit(len, "x" * 3000 + str(number))  # fills
`,
      "main.py": driven("pool"),
    },
  },
  {
    name: "large values in a bounded cache",
    isDoubtful: true,
    kind: "cache",
    path: /frames\.load\.<lru_cache>$/,
    cause: "L5",
    sources: {
      "frames.py": `
import functools
@functools.lru_cache(maxsize=1000)  # made
def load(number):
    return [number] * 20000
def handle(number):
    load(number)  # fills
`,
      "main.py": driven("frames", 20),
    },
  },
  {
    name: "keys that equal only themselves",
    kind: "cache",
    path: /quotes\.price\.<lru_cache>$/,
    cause: "L6",
    sources: {
      "quotes.py": `
import functools
class Query:
    def __init__(self, number):
        self.text = "x" * 3000 + str(number)
@functools.lru_cache(maxsize=None)  # made
def price(query):
    return len(query.text)
def handle(number):
    price(Query(number))  # fills
`,
      "main.py": driven("quotes"),
    },
  },
  {
    name: "finalizers that hold what they should let go",
    kind: "callback-list",
    path: /finalize/,
    cause: "L10",
    sources: {
      "views.py": `
import weakref
class View:
    def __init__(self, number):
        self.body = "x" * 3000 + str(number)
        weakref.finalize(self, self.close)  # fills
    def close(self):
        pass
def handle(number):
    View(number)
`,
      "main.py": driven("views"),
    },
  },
  {
    name: "generators that wait for ever",
    kind: "module-global",
    path: /STREAMS$/,
    cause: "L12",
    sources: {
      "streams.py": `
STREAMS = []  # made
def rows(number):
    body = "x" * 3000 + str(number)
    yield 1
    yield body
def handle(number):
    stream = rows(number)
    next(stream)
    STREAMS.append(stream)  # fills
`,
      "main.py": driven("streams"),
    },
  },
  {
    name: "a dict filled at import and then in a loop of a thread",
    kind: "module-global",
    path: /TABLE$/,
    cause: "L1",
    sources: {
      "table.py": `
import queue, threading
inbox, outbox = queue.Queue(), queue.Queue()
TABLE = {}  # made
TABLE["default"] = "none"
for name in ("a", "b"):
    TABLE[name] = name
def take(number):
    TABLE[number] = "x" * 3000 + str(number)  # fills
def serve():
    while True:
        take(inbox.get())
        outbox.put(None)
threading.Thread(target=serve, daemon=True).start()
def handle(number):
    inbox.put(number)
    outbox.get()
`,
      "main.py": driven("table"),
    },
  },
  {
    name: "an attribute set on an object from outside its class",
    kind: "instance-attribute",
    path: /app\.state\.seen$/,
    cause: "L2",
    sources: {
      "site_app.py": `
class State:
    pass
class App:
    def __init__(self):
        self.state = State()
        self.name = "site"
app = App()
app.state.seen = set()  # made
app.state.mode = "on"
def handle(number):
    app.state.seen.add("x" * 3000 + str(number))  # fills
`,
      "main.py": driven("site_app"),
    },
  },
];
