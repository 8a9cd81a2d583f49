// Holders that are reached in a roundabout way: through a function, the event loop's policy, the collector's settings, a chain.

import type { LeakingProgram } from "./leaking-program.ts";

/** Calls `handle(number)` of a module again and again. */
const driven = (module: string): string => `
import itertools, ${module}
numbers = itertools.count()
def work():
    for _ in range(300):
        ${module}.handle(next(numbers))
`;

export const ROUNDABOUT_PROGRAMS: readonly LeakingProgram[] = [
  {
    name: "cycles that are frozen before a collection can see them",
    kind: "garbage-cycle",
    path: /garbage cycle/,
    cause: "L7",
    sources: {
      "rounds.py": `
import gc

class Player:
    def __init__(self, number):
        self.body = "x" * 3000 + str(number)
        self.rivals = []

def handle(number):
    players = [Player(number) for _ in range(3)]
    for player in players:
        player.rivals.extend(players)
    gc.freeze()  # fills
`,
      "main.py": driven("rounds"),
    },
  },
  {
    name: "what a decorator keeps on its wrapper",
    kind: "instance-attribute",
    path: /views'\]\.handle\.calls$/,
    cause: "L9",
    sources: {
      "tracing.py": `
import functools

def traced(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        result = function(*arguments)
        wrapper.calls.append((arguments, result))  # fills
        return result

    wrapper.calls = []  # made
    return wrapper
`,
      "views.py": `
from tracing import traced

@traced
def handle(number):
    return "x" * 3000 + str(number)
`,
      "main.py": driven("views"),
    },
  },
  {
    name: "an attribute of a function",
    kind: "instance-attribute",
    path: /orders'\]\.handle\.seen$/,
    cause: "L1",
    sources: {
      "orders.py": `
def handle(number):
    handle.seen[number] = "x" * 3000 + str(number)  # fills

handle.seen = {}  # made
`,
      "main.py": driven("orders"),
    },
  },
  {
    name: "tasks of an event loop that only its policy knows",
    kind: "thread-local",
    path: /_scheduled$/,
    cause: "L15",
    sources: {
      "jobs.py": `
import asyncio
asyncio.set_event_loop(asyncio.new_event_loop())

async def wait(number):
    body = "x" * 3000 + str(number)
    await asyncio.sleep(10**6)
    return body

async def start(number):
    asyncio.ensure_future(wait(number))  # fills
    await asyncio.sleep(0)

def handle(number):
    asyncio.get_event_loop_policy().get_event_loop().run_until_complete(start(number))
`,
      "main.py": driven("jobs"),
    },
  },
  {
    name: "exceptions that keep each other as their context",
    kind: "exception",
    path: /retries'\]\.LAST$/,
    cause: "L12",
    sources: {
      "retries.py": `
LAST = None  # made

def handle(number):
    global LAST
    body = "x" * 3000 + str(number)
    error = ValueError(body)
    error.__context__ = LAST
    LAST = error  # fills
`,
      "main.py": driven("retries"),
    },
  },
  {
    name: "an exit stack, in a program that also registers callbacks elsewhere",
    kind: "callback-list",
    path: /stack\._exit_callbacks$/,
    cause: "L10",
    sources: {
      "cleaning.py": `
import contextlib
from concurrent.futures import Future
stack = contextlib.ExitStack()

def other():
    done = Future()
    done.add_done_callback(print)
    return done

def handle(number):
    other()
    stack.callback(print, "x" * 3000 + str(number))  # fills
`,
      "main.py": driven("cleaning"),
    },
  },
  {
    name: "closures that the interpreter keeps as search functions of codecs",
    kind: "callback-list",
    path: /^<interpreter state>\.codec_search_path$/,
    cause: "L10",
    sources: {
      "spelling.py": `
import codecs

def search(number):
    body = "x" * 3000 + str(number)
    def find(name):
        return None if body else name
    return find

def handle(number):
    codecs.register(search(number))  # fills
`,
      "main.py": driven("spelling"),
    },
  },
  {
    name: "a default argument that becomes an attribute of every instance",
    kind: "function-default",
    path: /Journal\.__init__\(lines\)/,
    cause: "L17",
    sources: {
      "journals.py": `
class Journal:
    def __init__(self, lines=[]):  # made
        self.lines = lines

    def write(self, line):
        self.lines.append(line)  # fills

def handle(number):
    Journal().write("x" * 3000 + str(number))
`,
      "main.py": driven("journals"),
    },
  },
  {
    name: "threads that wait for ever, in a program that starts others, too",
    kind: "instance-attribute",
    path: /^thread "Thread-\*/,
    cause: "L15",
    isDoubtful: true,
    sources: {
      "waiting.py": `
import threading

def quick():
    pass

def wait(event, body):
    event.wait()

def other():
    threading.Thread(target=quick).start()

def handle(number):
    other()
    if number % 10 == 0:
        threading.Thread(target=wait, args=(threading.Event(), "x" * 9000), daemon=True).start()  # fills
`,
      "main.py": driven("waiting"),
    },
  },
];
