// Selectors and the answers of `why`.

import { describe, expect, it } from "vitest";
import { queryWhy } from "../../src/app/heap-queries.ts";
import { classesOfOneName, heap } from "../support/snapshot-language.ts";
import type { WhyReport } from "../../src/model/heap-reports.ts";

const FILE = "at '/srv/app.py':31";
const PROGRAM = heap(`
  modules['app']
  modules['app.sessions'].REGISTRY: dict { 'k1': s@0x7f0000abc000 Session(100) { user: u@User(80), tags: list [ str, str ] }, 17: @s, 'k2': Session { user: @u } }
  modules['app.sessions'].Session: class Session { shared: dict { 'only here': int } }
  modules['app'].compute: lru_cache(None) def 'compute' ${FILE} [ list(300) [], Big(900) ]
  modules['app'].load: lru_cache(8) def 'load' ${FILE} [ Small(10) ]
  modules['app'].handler: def 'make.<locals>.handler' ${FILE} { closure rows: list(700) [ str ] }
  modules['app'].handle: def 'handle' ${FILE} { default seen: list(710) [] }
  modules['app'].jobs: queue.Queue { queue: deque(720) [ str ] }
  modules['app'].last: exception ValueError { frame 'load' at '/srv/app.py':9 { batch: list(730) [] } }
  modules['app'].t: coroutine 'worker' ${FILE} { rows: list(740) [] }
  modules['app'].engine: Engine { <unnamed>: list(770) [] }
  modules['app'].done: _asyncio.Task { <unnamed>: exception KeyError { frame 'step' at '/srv/app.py':9 { batch: list(780) [] } } }
  thread 'worker-1' handle() rows: list(750) []
  modules['threading']._active: dict { 1000: Worker { failures: list(760) [] } }
  garbage: a@Node { other: Edge { back: @a } }
`);

function why(selector: string): WhyReport {
  const report = queryWhy(PROGRAM, selector);
  if (!report.ok) throw new Error(report.error.sentence);
  return report.value;
}

function failure(selector: string): string {
  const report = queryWhy(PROGRAM, selector);
  return report.ok ? "found" : report.error.sentence;
}

describe("selectors", () => {
  const cases: readonly (readonly [selector: string, type: string, shallowBytes: number])[] = [
    ["0x7f0000abc000", "app.sessions.Session", 100],
    ["0x7f0000abc010", "app.sessions.Session", 100],
    ["app.sessions.REGISTRY", "dict", 64],
    ["sys.modules['app.sessions'].REGISTRY", "dict", 64],
    ['sys.modules["app.sessions"].REGISTRY', "dict", 64],
    ["app.sessions.REGISTRY['k1'].user", "app.sessions.User", 80],
    ["app.sessions.REGISTRY[17].user", "app.sessions.User", 80],
    ["app.sessions.REGISTRY['k1'].tags[1]", "str", 50],
    ["sys.modules['app.sessions'].Session.shared", "dict", 64],
    ["app.compute.<lru_cache>", "functools._lru_cache_wrapper", 100],
    ["app.compute.<lru_cache>[1].result", "app.Big", 900],
    ["app.load.<lru_cache>[0].result", "app.Small", 10],
    ["<closure make at app.py:31>.rows", "list", 700],
    ["<closure make at app.py:31>.rows[0]", "str", 50],
    ["<default of handle(seen) at app.py:31>", "list", 710],
    ["app.jobs.<queue>", "collections.deque", 720],
    ["app.last.__traceback__ in load() local batch", "list", 730],
    ["<coroutine worker at app.py:31> local rows", "list", 740],
    ['thread "worker-1" in handle() local rows', "list", 750],
    ['thread "worker-*" in handle() local rows', "list", 750],
    ['thread "worker-1".failures', "list", 760],
    ["app.engine.<inside app.Engine>", "list", 770],
    ["app.done._exception.__traceback__ in step() local batch", "list", 780],
    ["--largest 1", "functools._lru_cache_wrapper", 100],
  ];
  it.each(cases)("%s", (selector, type, shallowBytes) => {
    expect(why(selector).subjects[0]).toMatchObject({ type, shallowBytes });
  });

  it("read back every path that is written", () => {
    for (const [selector] of cases) {
      const [subject] = why(selector).subjects;
      for (const { path } of subject!.paths)
        expect(why(path).subjects.map((again) => again.address)).toContain(subject!.address);
    }
  });

  it("take a bare or a full type name, and prefer instances to the class", () => {
    expect(why("Session").matched).toBe(2);
    expect(why("app.sessions.Session").matched).toBe(2);
    expect(why("builtins.dict").matched).toBeGreaterThan(3);
  });

  it("fold out [*]", () => {
    expect(why("app.sessions.REGISTRY[*].user").matched).toBe(1);
  });

  it("suggest the module that was left away, or the function", () => {
    const program = heap(`
      modules['__main__'].log: Logger { handlers: list [ Keep ] }
      modules['app.worker'].log: Logger { level: int }
      modules['logging'].handlers: int
      thread 'MainThread' main() worker: Worker { failures: list [ str ] }`);
    const suggestions = (selector: string): string => {
      const report = queryWhy(program, selector);
      return report.ok ? "found" : report.error.sentence.replace(/^.*Did you mean /, "");
    };
    expect(suggestions("log.handlers")).toBe("__main__.log.handlers, logging.handlers?");
    expect(suggestions("log.level")).toBe("app.worker.log.level?");
    expect(suggestions("worker.log.level")).toBe("app.worker.log.level?");
    expect(suggestions("app.wroker.log")).toBe("app.worker.log?");
    expect(suggestions("__main__.lgo.handlers")).toBe("__main__.log.handlers?");
    expect(suggestions("worker.failures")).toBe('thread "MainThread" in main() local worker.failures?');
  });

  it("suggest what may have been meant", () => {
    expect(failure("app.sessions.REGISTRI")).toBe(
      "app.sessions.REGISTRI: there is no .REGISTRI in this snapshot. Did you mean app.sessions.REGISTRY?",
    );
    expect(failure("app.sesions.REGISTRY")).toContain("there is no .sesions");
    expect(failure("REGISTRI")).toContain("Did you mean app.sessions.REGISTRY?");
    expect(failure("Sesion")).toContain("app.sessions.Session");
    expect(failure("0x10")).toBe(
      "No object lies at 0x10 in this snapshot. Addresses hold for one snapshot of one process only; `why` with a name, a type or --largest N prints the current ones.",
    );
    expect(failure("--largest none")).toContain("from 1 to 1000");
    expect(failure("")).toContain("Nothing was selected");
  });
});

describe("why", () => {
  it("gives the distinct paths, shortest first", () => {
    const [subject] = why("User").subjects;
    expect(subject!.paths.map((path) => path.path)).toEqual([
      "sys.modules['app.sessions'].REGISTRY['k1'].user",
      "sys.modules['app.sessions'].REGISTRY['k2'].user",
    ]);
    expect(subject!.paths[0]!.holder).toMatchObject({
      path: "sys.modules['app.sessions'].REGISTRY",
      kind: "module-global",
      name: "REGISTRY",
    });
  });

  it("does not repeat a path for everyone who imports the module", () => {
    const report = queryWhy(
      heap(
        `modules['app'].REGISTRY: dict { 1: Thing }\nmodules['app'].f: def 'f' ${FILE} {}\nmodules['other'].loop: list [ def 'g' ${FILE} {} ]`,
      ),
      "Thing",
    );
    expect(report.ok && report.value.subjects[0]!.paths.map((path) => path.path)).toEqual([
      "sys.modules['app'].REGISTRY[1]",
    ]);
  });

  it("says what an object holds in turn", () => {
    expect(why("0x7f0000abc000").subjects[0]!.holds).toEqual([
      { edge: ".tags", type: "list", count: 1, retainedBytes: 156, heldBytes: 156 },
      { edge: ".user", type: "app.sessions.User", count: 1, retainedBytes: 80, heldBytes: 80 },
    ]);
  });

  it("adds up elements of one type, and leaves the one apart that is most of them", () => {
    const holds = (text: string): readonly unknown[] => {
      const report = queryWhy(heap(text), "app.rows");
      return report.ok ? report.value.subjects[0]!.holds : [];
    };
    expect(holds("modules['app'].rows: list [ 9 * str(100), 2 * Job(50) ]")).toEqual([
      { edge: "[*]", type: "str", count: 9, retainedBytes: 900, heldBytes: 900 },
      { edge: "[*]", type: "app.Job", count: 2, retainedBytes: 100, heldBytes: 100 },
    ]);
    expect(holds("modules['app'].rows: list [ str(10), str(900), str(20) ]")).toEqual([
      { edge: "[1]", type: "str", count: 1, retainedBytes: 900, heldBytes: 900 },
      { edge: "[*]", type: "str", count: 2, retainedBytes: 30, heldBytes: 30 },
    ]);
  });

  it("says of an exception which local variables its frames keep", () => {
    expect(why("app.last").subjects[0]!.holds[0]).toEqual({
      edge: ".__traceback__ in load() local batch",
      type: "list",
      count: 1,
      retainedBytes: 730,
      heldBytes: 730,
    });
  });

  it("counts shared objects once, and says how much is shared", () => {
    const text = `modules['app'].BY_ID: dict { 1: s@Session(1000) }\nmodules['app'].BY_NAME: dict { 'a': @s }`;
    const sizes = (selector: string): unknown => {
      const report = queryWhy(heap(text), selector);
      return report.ok && report.value.subjects.map(({ retainedBytes, sharedBytes }) => [retainedBytes, sharedBytes]);
    };
    expect(sizes("app.BY_ID")).toEqual([[64 + 28, 1000]]);
    expect(sizes("app.BY_NAME")).toEqual([[64 + 50, 0]]);
  });

  it("groups all instances of a type by where they are", () => {
    expect(why("Session").groups).toEqual([
      {
        pattern: "sys.modules['app.sessions'].REGISTRY[*]",
        holder: expect.objectContaining({ path: "sys.modules['app.sessions'].REGISTRY" }),
        count: 2,
        shallowBytes: 148,
      },
    ]);
    expect(why("str").groups.map((group) => group.pattern)).toContain("<closure make at app.py:31>.rows[*]");
  });

  it("says of garbage that nothing holds it", () => {
    expect(why("Node").subjects[0]).toMatchObject({ garbage: true, paths: [] });
    expect(why("Node").matched).toBe(1);
  });

  it("shows references that only native code can have", () => {
    const report = queryWhy(heap("native: Session(64) { user: User }"), "User");
    expect(report.ok && report.value.subjects[0]!.paths[0]).toMatchObject({
      path: "<native reference>.user",
      holder: { kind: "native" },
    });
    const native = queryWhy(heap("native: Session(64)"), "Session");
    expect(native.ok && native.value.subjects[0]!.nativeReferences).toBe(1);
  });

  it("takes the native rows of top, and says what they stand for", () => {
    const shop = heap("native: numpy.ndarray(4096)\nnative: numpy.ndarray(64)\nnative: Session(32)");
    const report = queryWhy(shop, "<native reference to numpy.ndarray>");
    expect(report.ok && report.value.subjects.map(({ shallowBytes }) => shallowBytes)).toEqual([4096, 64]);
    expect(report.ok && report.value.warnings).toEqual([
      "<native reference to numpy.ndarray> stands for 2 objects that have no other name: the row of `deadweight top` adds up what each of them holds, and the objects here are the largest of them.",
    ]);
    const state = queryWhy(heap("interpreter: Session(64)\ninterpreter: Session(32)"), "<interpreter state>");
    expect(state.ok && state.value.warnings.join()).toMatch(/^<interpreter state> stands for 2 objects/);
  });

  it("says how many classes a name stands for", () => {
    const twice = classesOfOneName("modules['app'].rows: list [ RowOne(10), RowTwo(20), RowTwo(20) ]");
    const report = queryWhy(twice, "app.Row");
    expect(report.ok && report.value).toMatchObject({
      matched: 3,
      warnings: ["2 different classes are called app.Row; their objects are counted together."],
    });
    const elsewhere = queryWhy(heap("modules['app'].rows: list [ a.Row(10), b.Row(20) ]"), "Row");
    expect(elsewhere.ok && elsewhere.value.warnings).toEqual([
      "2 different classes bear this name (a.Row, b.Row); their objects are counted together.",
    ]);
    expect(why("Session").warnings).toEqual([]);
  });

  it("shows that an object is a local variable as well", () => {
    const report = queryWhy(heap("modules['app'].kept: list [ t@Thing ]\nthread 'w' run() thing: @t"), "Thing");
    expect(report.ok && report.value.subjects[0]!.paths.map((path) => path.path)).toEqual([
      "sys.modules['app'].kept[0]",
      'thread "w" in run() local thing',
    ]);
  });
});
