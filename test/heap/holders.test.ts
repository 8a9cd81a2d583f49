// Which places are listed as holders, of which kind, and with how much.

import { describe, expect, it } from "vitest";
import { analyse } from "../../src/heap/analyse.ts";
import { holdersOf, type HeldUsage } from "../../src/heap/holders/holders-of.ts";
import { settleOwners } from "../../src/heap/holders/ownership.ts";
import { topOf } from "../../src/heap/queries/top.ts";
import { heap } from "../support/snapshot-language.ts";

function holders(text: string): readonly HeldUsage[] {
  return holdersOf(settleOwners(analyse(heap(text))));
}

/** The largest holder. */
function largest(text: string): HeldUsage {
  return holders(text)[0]!;
}

const FILE = "at '/srv/app.py':31";

describe("kinds of holders", () => {
  const cases: readonly (readonly [kind: string, heap: string, path: string])[] = [
    ["module-global", "modules['app'].REGISTRY: dict { 'a': str(500), 'b': str(500) }", "sys.modules['app'].REGISTRY"],
    ["module-global", "modules['app'].SEEN: set [ 9 * str(100) ]", "sys.modules['app'].SEEN"],
    [
      "class-attribute",
      "modules['app'].Service: class Service { registry: list [ 9 * str(100) ] }",
      "sys.modules['app'].Service.registry",
    ],
    [
      "instance-attribute",
      "modules['app'].app: App { sessions: Sessions ~{ store: dict { 1: str(500), 2: str(500) } } }",
      "sys.modules['app'].app.sessions.store",
    ],
    [
      "closure-cell",
      `modules['app'].h: def 'make.<locals>.f' ${FILE} { closure rows: list [ 9 * str(100) ] }`,
      "<closure make at app.py:31>.rows",
    ],
    [
      "function-default",
      `modules['app'].handle: def 'handle' ${FILE} { default seen: list [ 9 * str(100) ] }`,
      "<default of handle(seen) at app.py:31>",
    ],
    [
      "cache",
      `modules['app'].compute: lru_cache(None) def 'compute' ${FILE} [ 9 * str(100) ]`,
      "app.compute.<lru_cache>",
    ],
    [
      "cache",
      `modules['app'].compute: lru_cache(128) def 'compute' ${FILE} [ 9 * str(100) ]`,
      "app.compute.<lru_cache>",
    ],
    [
      "frame-local",
      "thread 'worker-1' handle() rows: list [ 9 * str(100) ]",
      'thread "worker-1" in handle() local rows',
    ],
    [
      "task",
      `modules['app'].t: coroutine 'worker' ${FILE} { rows: list [ 9 * str(100) ] }`,
      "<coroutine worker at app.py:31> local rows",
    ],
    [
      "task",
      `modules['app'].t: generator 'produce' ${FILE} { rows: list [ 9 * str(100) ] }`,
      "<generator produce at app.py:31> local rows",
    ],
    [
      "thread-local",
      "modules['app'].local: thread-local [ { conns: list [ 99 * str(100) ] } ]",
      "sys.modules['app'].local.<thread-local>.conns",
    ],
    ["queue", "modules['app'].jobs: queue.Queue { queue: deque [ 9 * str(100) ] }", "sys.modules['app'].jobs.<queue>"],
    [
      "callback-list",
      `modules['app'].app: App { on_close: list [ 9 * def 'bye' ${FILE} { closure big: str(100) } ] }`,
      "sys.modules['app'].app.on_close",
    ],
    ["callback-list", "modules['app'].listeners: list [ 9 * str(100) ]", "sys.modules['app'].listeners"],
    ["callback-list", "modules['atexit'].registered: list [ 9 * str(100) ]", "sys.modules['atexit'].registered"],
    [
      "logger",
      "modules['logging'].root: logging.RootLogger { handlers: list [ 9 * logging.StreamHandler(100) ] }",
      "sys.modules['logging'].root.handlers",
    ],
    [
      "exception",
      "modules['app'].last: exception ValueError { frame 'load' at '/srv/app.py':9 { batch: list [ 9 * str(100) ] } }",
      "sys.modules['app'].last.__traceback__ in load() local batch",
    ],
    ["native", "native: numpy.ndarray(4096)", "<native reference to numpy.ndarray>"],
    ["garbage-cycle", "garbage: a@Node(500) { other: Node(500) { back: @a } }", "<garbage cycle>"],
  ];
  it.each(cases)("%s: %s", (kind, text, path) => {
    expect(largest(text).holder).toMatchObject({ kind, path });
  });
});

describe("where memory accumulates", () => {
  it("stops at the collection, not at the largest of many elements", () => {
    const usage = largest("modules['app'].cache: dict { 1: list [ 3 * str(100) ], 2: list [ 3 * str(100) ] }");
    expect(usage).toMatchObject({
      entries: 2,
      mostly: { type: "list", count: 2 },
      holder: { path: "sys.modules['app'].cache", name: "cache", module: "app", type: "dict" },
    });
    expect(usage.retainedBytes).toBe(64 + 2 * (28 + 56 + 300));
    expect(usage.count).toBe(1 + 2 * 5);
  });

  it("goes on to the one element that holds nearly all", () => {
    expect(
      largest("modules['app'].state: dict { 'k 1': str(1), 'sessions': dict { 1: str(9000), 2: str(9000) } }").holder
        .path,
    ).toBe("sys.modules['app'].state['sessions']");
  });

  it("lists the parts of a structure instead of the structure", () => {
    const paths = holders(
      "modules['app'].app: App { sessions: list [ 5 * str(100) ], cache: dict { 1: str(300), 2: str(300) } }",
    ).map((usage) => usage.holder.path);
    expect(paths).toEqual(["sys.modules['app'].app.cache", "sys.modules['app'].app.sessions"]);
  });

  it("lists the structure when its parts do not explain it", () => {
    expect(
      holders("modules['app'].app: App(9000) { sessions: list [ 5 * str(100) ] }").map((usage) => usage.holder.path),
    ).toEqual(["sys.modules['app'].app"]);
  });

  it("names a linked list by its head", () => {
    const list = `${"Node(100) { next: ".repeat(50)}Node(100)${" }".repeat(50)}`;
    expect(holders(`modules['app'].head: ${list}`).map((usage) => usage.holder.path)).toEqual([
      "sys.modules['app'].head",
    ]);
  });

  it("puts closures of one function together", () => {
    const usages = holders(`
      modules['app'].f: def 'make.<locals>.f' ${FILE} { closure rows: list [ 5 * str(100) ] }
      modules['app'].g: def 'make.<locals>.f' ${FILE} { closure rows: list [ 5 * str(100) ] }`);
    expect(usages).toHaveLength(1);
    expect(usages[0]).toMatchObject({
      retainedBytes: 2 * 556,
      entries: 10,
      holder: { module: "app", name: "rows", file: "/srv/app.py", line: 31 },
    });
  });

  it("counts what two dicts share for the first, and says how much of it is shared", () => {
    const usages = holders(`
      modules['app'].BY_ID: dict { 1: a@Session(1000), 2: b@Session(1000) }
      modules['app'].BY_NAME: dict { 'a': @a, 'b': @b }`);
    expect(usages[0]).toMatchObject({
      holder: { path: "sys.modules['app'].BY_ID" },
      retainedBytes: 64 + 56,
      sharedBytes: 2000,
      heldBytes: 64 + 56 + 2000,
    });
    expect(usages.find((usage) => usage.holder.name === "BY_NAME")?.sharedBytes).toBe(0);
  });

  it("lists what hangs on a thread under the thread's name", () => {
    const usages = holders(`
      thread 'worker-1' run() self: w@Worker { failures: list [ 9 * str(100) ], done: int }
      modules['threading']._active: dict { 1000: @w }`);
    expect(usages[0]).toMatchObject({
      holder: { path: 'thread "worker-1".failures', kind: "instance-attribute", module: null, name: "failures" },
      retainedBytes: 956,
    });
  });

  it("lists a thread by the registry when its name was not kept", () => {
    const [usage] = holders(`
      thread 'worker-1' run() self: w@Worker { failures: list [ 9 * str(100) ], done: int }
      modules['threading']._active: dict { int: @w }`);
    expect(usage!.holder.path).toBe("sys.modules['threading']._active[<int>]");
  });

  it("lists what a local and a collection share at the collection", () => {
    const usages = holders(`
      modules['app'].JOBS: list [ Job { error: e@Error(9000) }, Job { error: f@Error(8000) } ]
      thread 'main' main() failures: list [ @e, @f ]`);
    expect(usages.map((usage) => [usage.holder.path, usage.heldBytes, usage.sharedBytes])).toEqual([
      ["sys.modules['app'].JOBS", 56 + 2 * 48 + 17_000, 17_000],
      ['thread "main" in main() local failures', 56, 0],
    ]);
  });

  it("opens no collection for an element that is only the first to reach what all elements share", () => {
    const [usage] = holders(`
      modules['app'].inboxes: dict { 'first inbox': list [ e@Event(9000) ], 'second inbox': list [ @e ] }`);
    expect(usage).toMatchObject({ holder: { path: "sys.modules['app'].inboxes" }, entries: 2, sharedBytes: 0 });
  });

  it("opens no collection when that leaves something large unmentioned", () => {
    const [usage] = holders(`
      modules['app'].state: dict { 'big one': list(9000) [ int ], str: list(1000) [ int ] }`);
    expect(usage!.holder.path).toBe("sys.modules['app'].state");
  });

  it("puts places together that differ in an index only", () => {
    const usages = holders(`
      modules['app'].shards: list [ list(9000) [ int ], list(500) [ int ], list(400) [ int ] ]`);
    expect(usages.map((usage) => [usage.holder.path, usage.retainedBytes])).toEqual([
      ["sys.modules['app'].shards[*]", 9900 + 3 * 28],
    ]);
  });

  it("puts many threads together that differ in a number only, few not", () => {
    const locals = (threads: number): string =>
      Array.from({ length: threads }, (_, at) => `thread 'pool-${at}' run() rows: list [ 9 * str(100) ]`).join("\n");
    expect(holders(locals(3)).map((usage) => usage.holder.path)).toHaveLength(3);
    expect(holders(locals(4)).map((usage) => [usage.holder.path, usage.retainedBytes])).toEqual([
      ['thread "pool-*" in run() local rows', 4 * 956],
    ]);
  });

  it("says mostly by bytes, not by count", () => {
    expect(largest("modules['app'].state: list [ 9 * str(10), Frame(5000), 2 * int ]").mostly).toEqual({
      type: "app.Frame",
      count: 1,
    });
    expect(
      largest("modules['app'].cache: dict { 1: Page { body: str(900) }, 2: str(100), 3: str(100) }").mostly,
    ).toEqual({ type: "app.Page", count: 1 });
  });

  it("does not list modules, classes and functions for themselves", () => {
    expect(
      holders(`modules['app'].f: def 'f' ${FILE} {}\nmodules['app'].C: class C { f: def 'C.f' ${FILE} {} }`),
    ).toEqual([]);
  });

  it("knows a module's file from its functions", () => {
    const usage = largest(`modules['app'].f: def 'f' ${FILE} {}\nmodules['app'].REGISTRY: list [ 5 * str(100) ]`);
    expect(usage.holder).toMatchObject({ file: "/srv/app.py", line: null });
  });
});

describe("top", () => {
  const text = `
    modules['app'].REGISTRY: dict { 1: Session(200) { user: str(100) }, 2: Session(200) { user: str(100) } }
    modules['other'].numbers: list [ int, int ]
    thread 'w' run() batch: list [ str(40) ]
    native: numpy.ndarray(4096)
    garbage: a@app.Node(500) { other: app.Edge(300) { back: @a } }
    garbage: c@app.Node(500) { other: app.Edge(300) { back: @c } }`;
  const report = topOf(analyse(heap(text)));

  it("adds up by type, with what instances keep alive", () => {
    expect(report.byType.find((usage) => usage.name === "app.Session")).toEqual({
      name: "app.Session",
      count: 2,
      shallowBytes: 400,
      retainedBytes: 600,
    });
    expect(report.byType.reduce((sum, usage) => sum + usage.shallowBytes, 0)).toBe(report.liveBytes);
  });

  it("adds up by module to the whole heap", () => {
    expect(report.byModule.reduce((sum, usage) => sum + usage.shallowBytes, 0)).toBe(report.liveBytes);
    expect(report.byModule.find((usage) => usage.name === "app")).toMatchObject({
      shallowBytes: 64 + 56 + 600,
      retainedBytes: 64 + 56 + 600,
    });
    expect(report.byModule.map((usage) => usage.name)).toEqual(
      expect.arrayContaining(["other", "<threads>", "<native>", "<garbage>"]),
    );
  });

  it("puts garbage of the same kind together", () => {
    expect(report.garbage).toEqual({
      count: 4,
      shallowBytes: 1600,
      groups: [{ types: "app.Node, app.Edge", cycles: 2, count: 4, shallowBytes: 1600 }],
    });
  });

  it("counts what only native code holds", () => {
    expect(report.native).toEqual({ objects: 1, retainedBytes: 4096, heldBytes: 4096 });
  });
});
