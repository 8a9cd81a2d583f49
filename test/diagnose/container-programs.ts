// One program for each kind of place that a container can have.

import type { LeakingProgram } from "./leaking-program.ts";

const SESSION = `
class Session:
    def __init__(self, user):
        self.user = user
        self.rows = [str(user) * 50 for _ in range(20)]
`;

export const CONTAINER_PROGRAMS: readonly LeakingProgram[] = [
  {
    name: "a global dict of another module",
    kind: "module-global",
    path: /sys\.modules\['app\.sessions'\]\.REGISTRY$/,
    cause: "L1",
    sources: {
      "app/__init__.py": "",
      "app/sessions.py": `${SESSION}
REGISTRY = {}  # made

def open_session(user):
    REGISTRY[user] = Session(user)  # fills
`,
      "main.py": `
from app import sessions
import itertools
numbers = itertools.count()
def work():
    for _ in range(300):
        sessions.open_session("user-%d" % next(numbers))
`,
    },
  },
  {
    name: "lists inside a dict, filled from another file through a re-exported name",
    kind: "module-global",
    path: /BY_TENANT\['acme'\]$|BY_TENANT/,
    cause: "L2",
    sources: {
      "app/__init__.py": "from app.store import BY_TENANT\n",
      "app/store.py": "from collections import defaultdict\nBY_TENANT = defaultdict(list)  # made\n",
      "app/web.py": `
from app import BY_TENANT
def handle(number):
    BY_TENANT["acme"].append({"number": number, "body": "x" * 3000 + str(number)})  # fills
`,
      "main.py": `
from app import web
import itertools
numbers = itertools.count()
def work():
    for _ in range(300):
        web.handle(next(numbers))
`,
    },
  },
  {
    name: "an attribute of a singleton that hangs on another object",
    kind: "instance-attribute",
    path: /sys\.modules\['app\.web'\]\.app\.state\.store\.items$/,
    cause: "L1",
    sources: {
      "app/__init__.py": "",
      "app/store.py": `
class Store:
    def __init__(self):
        self.items = {}  # made
        self.name = "store"

    def put(self, key, value):
        self.items[key] = value  # fills
`,
      "app/web.py": `
from app.store import Store
class State:
    pass
class App:
    def __init__(self):
        self.state = State()
        self.state.store = Store()
        self.state.mode = "on"
app = App()
def handle(number):
    app.state.store.put("key-%d" % number, "x" * 3000 + str(number))
`,
      "main.py": `
from app import web
import itertools
numbers = itertools.count()
def work():
    for _ in range(300):
        web.handle(next(numbers))
`,
    },
  },
  {
    name: "a list that is an attribute of a class",
    kind: "class-attribute",
    path: /Job\.history$/,
    cause: "L17",
    sources: {
      "jobs.py": `
class Job:
    history = []  # made

    def run(self, number):
        self.history.append("x" * 3000 + str(number))  # fills
`,
      "main.py": `
import itertools, jobs
numbers = itertools.count()
def work():
    for _ in range(300):
        jobs.Job().run(next(numbers))
`,
    },
  },
  {
    name: "a closure of a decorator",
    kind: "closure-cell",
    path: /seen$/,
    cause: "L9",
    sources: {
      "tools.py": `
import functools
def remember(function):
    seen = {}  # made
    @functools.wraps(function)
    def wrapper(key):
        if key not in seen:
            seen[key] = function(key)  # fills
        return seen[key]
    return wrapper
`,
      "main.py": `
import itertools, tools
numbers = itertools.count()
@tools.remember
def load(key):
    return "x" * 3000 + str(key)
def work():
    for _ in range(300):
        load(next(numbers))
`,
    },
  },
  {
    name: "a default value",
    kind: "function-default",
    path: /default of collect\(seen\)/,
    cause: "L17",
    sources: {
      "tools.py": `
def collect(value, seen=[]):  # made
    seen.append(value)  # fills
    return len(seen)
`,
      "main.py": `
import itertools, tools
numbers = itertools.count()
def work():
    for _ in range(300):
        tools.collect("x" * 3000 + str(next(numbers)))
`,
    },
  },
  {
    name: "an unbounded cache",
    kind: "cache",
    path: /prices\.quote\.<lru_cache>$/,
    cause: "L3",
    sources: {
      "prices.py": `
import functools

@functools.lru_cache(maxsize=None)  # made
def quote(item, at):
    return "x" * 3000 + item + str(at)
`,
      "main.py": `
import itertools, prices
numbers = itertools.count()
def work():
    for _ in range(300):
        prices.quote("tea", next(numbers))  # fills
`,
    },
  },
  {
    name: "a cache on a method",
    kind: "cache",
    path: /reports\.Report\.total\.<lru_cache>$/,
    cause: "L4",
    sources: {
      "reports.py": `
import functools
class Report:
    def __init__(self, number):
        self.rows = ["x" * 3000 + str(number)]

    @functools.lru_cache(maxsize=None)  # made
    def total(self):
        return len(self.rows)
`,
      "main.py": `
import itertools, reports
numbers = itertools.count()
def work():
    for _ in range(300):
        reports.Report(next(numbers)).total()  # fills
`,
    },
  },
  {
    name: "the value of a context variable",
    kind: "context-variable",
    path: /^contextvar "request-trail"$/,
    cause: "L11",
    sources: {
      "trail.py": `
import contextvars
TRAIL = contextvars.ContextVar("request-trail")  # made
OTHERS = [contextvars.ContextVar("other-%d" % number) for number in range(40)]

def begin():
    for number, other in enumerate(OTHERS):
        other.set(number)
    TRAIL.set([])

def handle(number):
    steps = TRAIL.get()
    steps.append("x" * 3000 + str(number))  # fills
`,
      "main.py": `
import itertools, trail
numbers = itertools.count()
trail.begin()
def work():
    for _ in range(300):
        trail.handle(next(numbers))
`,
    },
  },
  {
    name: "what a pool thread keeps",
    kind: "thread-local",
    path: /rows$/,
    cause: "L11",
    sources: {
      "pool.py": `
import threading
from concurrent.futures import ThreadPoolExecutor
local = threading.local()
executor = ThreadPoolExecutor(1)

def handle(number):
    if not hasattr(local, "rows"):
        local.rows = []  # made
    local.rows.append("x" * 3000 + str(number))  # fills
`,
      "main.py": `
import itertools, pool
numbers = itertools.count()
def work():
    for _ in range(300):
        pool.executor.submit(pool.handle, next(numbers)).result()
`,
    },
  },
  {
    name: "a local variable of a loop that never ends",
    kind: "frame-local",
    path: /in consume\(\) local backlog$/,
    cause: "L12",
    sources: {
      "consumer.py": `
import queue, threading
inbox = queue.Queue()
outbox = queue.Queue()

def consume():
    backlog = []  # made
    while True:
        number = inbox.get()
        backlog.append("x" * 3000 + str(number))  # fills
        outbox.put(None)

threading.Thread(target=consume, daemon=True).start()
`,
      "main.py": `
import itertools, consumer
numbers = itertools.count()
def work():
    for _ in range(300):
        consumer.inbox.put(next(numbers))
        consumer.outbox.get()
`,
    },
  },
  {
    name: "tasks that wait for ever",
    kind: "module-global",
    path: /TASKS/,
    cause: "L15",
    sources: {
      "daemon.py": `
import asyncio
TASKS = set()  # made
loop = asyncio.new_event_loop()

async def wait_for_ever(payload):
    await asyncio.Event().wait()
    return payload

async def spawn(number):
    TASKS.add(asyncio.ensure_future(wait_for_ever("x" * 3000 + str(number))))  # fills
    await asyncio.sleep(0)
`,
      "main.py": `
import itertools, daemon
numbers = itertools.count()
def work():
    for _ in range(300):
        daemon.loop.run_until_complete(daemon.spawn(next(numbers)))
`,
    },
  },
  {
    name: "a queue without a consumer",
    kind: "queue",
    path: /jobs\.JOBS|JOBS/,
    cause: "L15",
    sources: {
      "jobs.py": `
import queue
JOBS = queue.Queue()  # made

def enqueue(number):
    JOBS.put("x" * 3000 + str(number))  # fills
`,
      "main.py": `
import itertools, jobs
numbers = itertools.count()
def work():
    for _ in range(300):
        jobs.enqueue(next(numbers))
`,
    },
  },
];
