// One program for each kind of object that should have gone: callbacks, exceptions, handlers, files, closures, cycles.

import type { LeakingProgram } from "./leaking-program.ts";

export const LINGERING_PROGRAMS: readonly LeakingProgram[] = [
  {
    name: "listeners that never leave",
    kind: "callback-list",
    path: /bus\.listeners$/,
    cause: "L10",
    sources: {
      "events.py": `
class Bus:
    def __init__(self):
        self.listeners = []  # made
        self.name = "bus"

    def subscribe(self, callback):
        self.listeners.append(callback)  # fills

bus = Bus()

class View:
    def __init__(self, number):
        self.body = "x" * 3000 + str(number)
        bus.subscribe(self.refresh)

    def refresh(self):
        return self.body
`,
      "main.py": `
import itertools, events
numbers = itertools.count()
def work():
    for _ in range(300):
        events.View(next(numbers))
`,
    },
  },
  {
    name: "exceptions that are kept for a report",
    kind: "module-global",
    path: /FAILURES$/,
    cause: "L12",
    sources: {
      "worker.py": `
FAILURES = []  # made

def handle(number):
    rows = "x" * 3000 + str(number)
    try:
        raise ValueError(number)
    except ValueError as error:
        FAILURES.append(error)  # fills
    return rows
`,
      "main.py": `
import itertools, worker
numbers = itertools.count()
def work():
    for _ in range(300):
        worker.handle(next(numbers))
`,
    },
  },
  {
    name: "a logger for each request",
    kind: "logger",
    path: /loggerDict$/,
    cause: "L13",
    sources: {
      "web.py": `
import logging

def handle(number):
    logging.getLogger("request.%d" % number).debug("started")  # fills
`,
      "main.py": `
import itertools, web
numbers = itertools.count()
def work():
    for _ in range(1000):
        web.handle(next(numbers))
`,
    },
  },
  {
    name: "a handler added for each job",
    kind: "logger",
    path: /handlers$/,
    cause: "L13",
    sources: {
      "job.py": `
import logging
log = logging.getLogger("job")

class Collecting(logging.Handler):
    def __init__(self, number):
        super().__init__()
        self.body = "x" * 3000 + str(number)
    def emit(self, record):
        pass

def run(number):
    log.addHandler(Collecting(number))  # fills
`,
      "main.py": `
import itertools, job
numbers = itertools.count()
def work():
    for _ in range(300):
        job.run(next(numbers))
`,
    },
  },
  {
    name: "cycles that nobody collects",
    kind: "garbage-cycle",
    path: /garbage cycle/,
    cause: "L7",
    sources: {
      "tree.py": `
import gc
gc.disable()

class Node:  # made
    def __init__(self, number):
        self.body = "x" * 3000 + str(number)
        self.children = []
        self.parent = None

    def add(self, child):
        self.children.append(child)
        child.parent = self  # fills
`,
      "main.py": `
import itertools, tree
numbers = itertools.count()
def work():
    for _ in range(300):
        tree.Node(next(numbers)).add(tree.Node(0))
`,
    },
  },
  {
    name: "files that are kept open",
    kind: "module-global",
    path: /OPEN$/,
    cause: "L14",
    sources: {
      "crawler.py": `
OPEN = []  # made

def fetch(number):
    OPEN.append(open("/dev/null", "rb", buffering=4096))  # fills
`,
      "main.py": `
import itertools, crawler
numbers = itertools.count()
def work():
    for _ in range(50):
        crawler.fetch(next(numbers))
`,
    },
  },
  {
    name: "a closure that keeps a large value",
    kind: "callback-list",
    path: /LATER$/,
    cause: "L8",
    sources: {
      "later.py": `
LATER = []  # made

def defer(number):
    body = "x" * 3000 + str(number)
    def run():
        return len(body)
    LATER.append(run)  # fills
`,
      "main.py": `
import itertools, later
numbers = itertools.count()
def work():
    for _ in range(300):
        later.defer(next(numbers))
`,
    },
  },
  {
    name: "exit functions registered again and again",
    kind: "callback-list",
    path: /^atexit callbacks\[\*\]$/,
    cause: "L10",
    sources: {
      "temp.py": `
import atexit

class Folder:
    def __init__(self, number):
        self.body = "x" * 3000 + str(number)
        atexit.register(self.remove)  # fills

    def remove(self):
        pass
`,
      "main.py": `
import itertools, temp
numbers = itertools.count()
def work():
    for _ in range(300):
        temp.Folder(next(numbers))
`,
    },
  },
  {
    name: "a chain that grows at its head, in a program started with -m",
    kind: "module-global",
    path: /__main__'\]\.head|LAST/,
    cause: "L2",
    start: ["-m", "shop.main"],
    sources: {
      "shop/__init__.py": "",
      "shop/link.py": `
class Link:
    def __init__(self, before, number):
        self.before = before
        self.body = "x" * 3000 + str(number)
`,
      "shop/main.py": `
from .link import Link
LAST = None  # made
number = 0
def work():
    global LAST, number
    for _ in range(300):
        number += 1
        LAST = Link(LAST, number)  # fills
`,
    },
  },
];
