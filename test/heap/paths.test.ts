// Every naming rule, from the text of a heap to the text of a path.

import { describe, expect, it } from "vitest";
import type { NodeIx } from "../../src/base/brand.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { pathOf } from "../../src/heap/paths/path-of.ts";
import { typeNameOf } from "../../src/heap/analysis/edges.ts";
import { heap } from "../support/snapshot-language.ts";

/** The path of the only object of type `app.Target`. */
function pathOfTarget(text: string): string {
  return namedTarget(text).text;
}

function namedTarget(text: string): ReturnType<typeof pathOf> {
  const snapshot = heap(text);
  const node = Array.from({ length: snapshot.nodes.count }, (_, at) => at as NodeIx).find((at) =>
    /\bTarget$/.test(typeNameOf(snapshot, at)),
  );
  return pathOf(analyse(snapshot), node!);
}

describe("names of paths", () => {
  const cases: readonly (readonly [what: string, heap: string, path: string])[] = [
    ["a module global", "modules['app'].cache: Target", "sys.modules['app'].cache"],
    ["a module with dots", "modules['app.sessions'].REGISTRY: Target", "sys.modules['app.sessions'].REGISTRY"],
    [
      "a text key and an attribute",
      "modules['app'].cache: dict { 'k17': Session { user: Target } }",
      "sys.modules['app'].cache['k17'].user",
    ],
    ["an integer key", "modules['app'].cache: dict { 17: Target }", "sys.modules['app'].cache[17]"],
    ["a key that is no text", "modules['app'].cache: dict { str: Target }", "sys.modules['app'].cache[<str>]"],
    [
      "a quote in a key",
      String.raw`modules['app'].cache: dict { 'it\'s': Target }`,
      String.raw`sys.modules['app'].cache['it\'s']`,
    ],
    ["an element", "modules['app'].rows: list [ int, int, Target ]", "sys.modules['app'].rows[2]"],
    ["a member of a set", "modules['app'].seen: set [ int, Target ]", "sys.modules['app'].seen{member}"],
    ["a key of a dict", "modules['app'].seen: dict { Target: 1 }", "sys.modules['app'].seen{key}"],
    [
      "an attribute in a __dict__",
      "modules['app'].session: Session ~{ user: Target }",
      "sys.modules['app'].session.user",
    ],
    [
      "an attribute of an attribute",
      "modules['app'].app: App { sessions: Sessions ~{ store: Target } }",
      "sys.modules['app'].app.sessions.store",
    ],
    [
      "a class attribute",
      "modules['app'].Service: class Service { registry: Target }",
      "sys.modules['app'].Service.registry",
    ],
    [
      "the class of an object",
      "modules['app'].s: Service { __class__: class Service { registry: Target } }",
      "sys.modules['app'].s.__class__.registry",
    ],
    [
      "a place without a name",
      "modules['app'].engine: Engine { <unnamed>: Target }",
      "sys.modules['app'].engine.<inside app.Engine>",
    ],
    [
      "a Thread object",
      "thread 'worker-1' run() n: int\nmodules['threading']._active: dict { 1000: Worker { last: Target } }",
      'thread "worker-1".last',
    ],
    [
      "a Thread object of which only the type of its key is known",
      "thread 'worker-1' run() n: int\nmodules['threading']._active: dict { int: Worker { last: Target } }",
      "sys.modules['threading']._active[<int>].last",
    ],
    [
      "the exception of a finished task",
      "modules['app'].done: _asyncio.Task { <unnamed>: exception ValueError { frame 'load' at '/srv/app.py':9 { batch: Target } } }",
      "sys.modules['app'].done._exception.__traceback__ in load() local batch",
    ],
    ["a local variable", "thread 'worker-1' handle() rows: Target", 'thread "worker-1" in handle() local rows'],
    [
      "a global before a local",
      "thread 'w' handle() rows: @t\nmodules['app'].kept: t@Target",
      "sys.modules['app'].kept",
    ],
    [
      "a closure variable",
      "modules['app'].handlers: list [ def 'make_handler.<locals>.handle' at '/srv/app.py':31 { closure log: int, closure rows: Target } ]",
      "<closure make_handler at app.py:31>.rows",
    ],
    [
      "inside a closure variable",
      "modules['app'].h: def 'make.<locals>.f' at '/srv/app.py':31 { closure rows: list [ Target ] }",
      "<closure make at app.py:31>.rows[0]",
    ],
    [
      "a default",
      "modules['app'].handle: def 'handle' at '/srv/app.py':3 { default seen: Target }",
      "<default of handle(seen) at app.py:3>",
    ],
    [
      "a keyword default",
      "modules['app'].handle: def 'handle' at '/srv/app.py':3 { keyword seen: Target }",
      "<default of handle(seen) at app.py:3>",
    ],
    [
      "an attribute of a function",
      "modules['app'].handle: def 'handle' at '/srv/app.py':3 { attribute cache: Target }",
      "sys.modules['app'].handle.cache",
    ],
    [
      "an unbounded cache",
      "modules['app'].compute: lru_cache(None) def 'compute' at '/srv/app.py':5 [ int, Target ]",
      "app.compute.<lru_cache>[1].result",
    ],
    [
      "a bounded cache",
      "modules['app'].compute: lru_cache(128) def 'Service.load' at '/srv/app.py':5 [ int, int, Target ]",
      "app.Service.load.<lru_cache>[2].result",
    ],
    [
      "a bound method",
      "modules['app'].on_exit: method { __self__: Target, __func__: def 'C.close' at '/srv/app.py':9 }",
      "sys.modules['app'].on_exit.__self__",
    ],
    [
      "a local of a traceback",
      "modules['app'].last: exception ValueError { frame 'main' at '/srv/app.py':1 {}, frame 'load' at '/srv/app.py':9 { batch: Target } }",
      "sys.modules['app'].last.__traceback__ in load() local batch",
    ],
    [
      "an exception only C code holds",
      "native: exception ValueError { frame 'load' at '/srv/app.py':9 { batch: Target } }",
      "<exception ValueError>.__traceback__ in load() local batch",
    ],
    [
      "a generator",
      "modules['app'].streams: list [ generator 'produce' at '/srv/app.py':12 { rows: Target } ]",
      "<generator produce at app.py:12> local rows",
    ],
    [
      "a coroutine",
      "modules['app'].tasks: set [ coroutine 'worker' at '/srv/app.py':40 { batch: list [ Target ] } ]",
      "<coroutine worker at app.py:40> local batch[0]",
    ],
    [
      "a thread-local",
      "modules['app'].local: thread-local [ { conn: int }, { conn: Target } ]",
      "sys.modules['app'].local.<thread-local>.conn",
    ],
    [
      "a thread's own dict",
      "thread 'pool-1' dict: dict { 'key': _thread._localdummy { <unnamed>: dict { 'conn': Target } } }",
      'thread "pool-1".<thread-local>.conn',
    ],
    [
      "a queue",
      "modules['app'].jobs: queue.Queue { queue: deque [ int, Target ] }",
      "sys.modules['app'].jobs.<queue>[1]",
    ],
    ["a C queue", "modules['app'].jobs: _queue.SimpleQueue [ Target ]", "sys.modules['app'].jobs.<queue>[0]"],
    [
      "a logger",
      "modules['logging'].root: logging.RootLogger { handlers: list [ Target ] }",
      "sys.modules['logging'].root.handlers[0]",
    ],
    ["a native reference", "native: Target", "<native reference>"],
    ["below a native reference", "native: Session { user: Target }", "<native reference>.user"],
    ["the interpreter", "interpreter: list [ Target ]", "<interpreter state>[0]"],
    ["garbage", "garbage: a@Target { other: Node { back: @a } }", "<garbage cycle>"],
  ];
  it.each(cases)("%s", (_what, text, path) => {
    expect(pathOfTarget(text)).toBe(path);
  });

  it("say which static type a path starts at", () => {
    const snapshot = heap("type Target");
    expect(pathOf(analyse(snapshot), snapshot.roots.at(-1)!.node).text).toBe("<type Target>");
  });

  it("goes through the module that defined a shared global", () => {
    expect(pathOfTarget("modules['__main__'].CACHE: @c\nmodules['app'].CACHE: c@Target")).toBe(
      "sys.modules['app'].CACHE",
    );
    expect(pathOfTarget("modules['pkg'].CACHE: @c\nmodules['pkg.store'].CACHE: c@Target")).toBe(
      "sys.modules['pkg.store'].CACHE",
    );
  });

  it("ignores stale words of the interpreter", () => {
    expect(pathOfTarget("stale: Target")).toBe("<garbage cycle>");
  });

  it("shortens linked lists", () => {
    const list = `${"Node { next: ".repeat(200)}Target${" }".repeat(200)}`;
    expect(pathOfTarget(`modules['app'].head: ${list}`)).toBe("sys.modules['app'].head.next{200 times}");
  });

  it("keeps escapes of the target away from the terminal", () => {
    expect(pathOfTarget("modules['app'].cache: dict { 'a\u001b[31mb': Target }")).toBe(
      String.raw`sys.modules['app'].cache['a\x1b[31mb']`,
    );
  });
});

describe("steps of paths", () => {
  it("leave out __dict__ and say what each edge is", () => {
    const { steps } = namedTarget("modules['app'].cache: dict { 'k': Session ~{ user: Target(80) } }");
    expect(steps.map((step) => `${step.edge} ${step.type}`)).toEqual([
      "sys.modules dict",
      "module app module",
      "global cache dict",
      "['k'] app.Session",
      ".user app.Target",
    ]);
    expect(steps.at(-1)).toMatchObject({ shallowBytes: 80, retainedBytes: 80, entries: null });
    expect(steps[2]).toMatchObject({ entries: 1 });
  });

  it("show the contents of a cell in its place", () => {
    const { steps } = namedTarget(
      "modules['app'].h: def 'make.<locals>.f' at '/srv/app.py':31 { closure rows: Target }",
    );
    expect(steps.map((step) => `${step.edge} ${step.type}`).slice(2)).toEqual([
      "global h function",
      "closure variable rows app.Target",
    ]);
  });
});
