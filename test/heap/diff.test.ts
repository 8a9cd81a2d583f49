// Growth between snapshots: same process, restarted process, reused addresses, many snapshots.

import { describe, expect, it } from "vitest";
import { queryDiff } from "../../src/app/heap-queries.ts";
import type { DiffReport } from "../../src/model/heap-reports.ts";
import { existedBefore } from "../../src/heap/queries/match.ts";
import { judge, type Series } from "../../src/heap/queries/verdict.ts";
import { classesOfOneName, heap, type HeapOptions } from "../support/snapshot-language.ts";

const FILE = "at '/srv/app.py':31";
/** Enough of a program to be recognised, then what the test is about; later objects get later addresses. */
const PROGRAM = `modules['app'].Session: class Session {}\nmodules['app'].main: def 'main' ${FILE} {}\nmodules['app'].CONFIG: dict { 'a': int }\n`;

function diff(texts: readonly string[], options: readonly HeapOptions[] = []): DiffReport {
  return queryDiff(texts.map((text, at) => ({ file: `${at}.dw`, snapshot: heap(PROGRAM + text, options[at]) }))).report;
}

/** `REGISTRY` with so many sessions. */
function registry(count: number, bytes: number = 1000): string {
  const entries = Array.from({ length: count }, (_, at) => `'k${at}': Session(${bytes}) {}`);
  return `modules['app'].REGISTRY: dict { ${entries.join(", ")} }`;
}

const ELSEWHERE: HeapOptions = { firstAddress: 0x7e00_0000_2000, meta: { pid: 77 } };

describe("in one process", () => {
  it("names the container that grew, with what was added", () => {
    const report = diff([registry(3), registry(8)]);
    expect(report.sameProcess).toBe(true);
    expect(report.holders).toHaveLength(1);
    expect(report.holders[0]).toMatchObject({
      holder: { path: "sys.modules['app'].REGISTRY", kind: "module-global", module: "app", name: "REGISTRY" },
      entries: [3, 8],
      counts: [7, 17],
      countGrowth: 10,
      mostly: { type: "app.Session", count: 5 },
    });
    expect(report.holders[0]!.steps.at(-1)).toMatchObject({ edge: "global REGISTRY", entries: 8 });
  });

  it("says nothing when nothing grew", () => {
    expect(diff([registry(3), registry(3)])).toMatchObject({ holders: [], types: [] });
    expect(diff([registry(8), registry(3)])).toMatchObject({ holders: [], types: [] });
  });

  it("names the grown list inside a holder, not the holder", () => {
    const text = (rows: number): string =>
      `modules['app'].state: App { other: dict { 'k': bytes(3000) }, log: list [ ${rows} * str(100) ] }`;
    expect(diff([text(2), text(9)]).holders.map((growth) => growth.holder.path)).toEqual([
      "sys.modules['app'].state.log",
    ]);
  });

  it("recognises the objects of several classes of one name, in whatever order their rows stand", () => {
    const text = `${PROGRAM}modules['app'].rows: list [ RowOne(10), RowTwo(20), RowTwo(20) ]`;
    const earlier = classesOfOneName(text);
    expect(existedBefore(earlier, classesOfOneName(text)).indexOf(0, 1)).toBe(-1);
    const more = `${text.slice(0, -2)}, 9 * RowTwo(1000), 9 * RowOne(1000) ]`;
    const report = queryDiff([
      { file: "0.dw", snapshot: earlier },
      { file: "1.dw", snapshot: classesOfOneName(more) },
    ]).report;
    expect(report.types.find(({ name }) => name === "app.Row")?.counts).toEqual([3, 21]);
    expect(report.warnings).toEqual(["Different classes of the same name are counted together: app.Row (2)."]);
  });

  it("names the items of a queue, not the queue around them", () => {
    const text = (jobs: number): string =>
      `modules['app'].jobs: queue.Queue { queue: deque [ ${jobs} * str(100) ], unfinished: int }`;
    expect(diff([text(2), text(9)]).holders.map((growth) => growth.holder.path)).toEqual([
      "sys.modules['app'].jobs.<queue>",
    ]);
  });

  it("follows a cache through its wrapper", () => {
    const text = (results: number): string =>
      `modules['app'].compute: lru_cache(None) def 'compute' ${FILE} [ ${results} * list(100) [] ]`;
    expect(diff([text(2), text(6)]).holders[0]).toMatchObject({
      holder: { path: "app.compute.<lru_cache>", kind: "cache" },
      entries: [2, 6],
    });
  });

  it("names one of two dicts that share the new objects", () => {
    const text = (count: number): string => {
      const ids = Array.from({ length: count }, (_, at) => at);
      return `modules['app'].BY_ID: dict { ${ids.map((id) => `${id}: s${id}@Session(900) {}`).join(", ")} }
        modules['app'].BY_NAME: dict { ${ids.map((id) => `'n${id}': @s${id}`).join(", ")} }`;
    };
    const [first] = diff([text(2), text(9)]).holders;
    expect(first).toMatchObject({ holder: { path: "sys.modules['app'].BY_ID" }, entries: [2, 9] });
    expect(first!.heldGrowthBytes).toBeGreaterThan(7 * 900);
  });

  it("does not take a new object at a freed one's address for the same container", () => {
    const before = "modules['app'].OLD: d@0x7fff00001000 dict { 1: str(10) }";
    const after = "modules['app'].FRESH: d@0x7fff00001000 dict { 1: str(10), 2: str(10), 3: str(10) }";
    const growth = diff([before, after]).holders.find((each) => each.holder.name === "FRESH");
    expect(growth).toMatchObject({ entries: [null, 3], counts: [0, 7] });
  });

  it("recognises a container that was replaced by a larger one", () => {
    const text = (address: string, rows: number): string =>
      `modules['app'].cache: d@${address} list [ ${rows} * str(100) ]`;
    expect(diff([text("0x7fff00001000", 3), text("0x7fff00002000", 9)]).holders[0]).toMatchObject({ entries: [3, 9] });
  });
});

describe("the order of snapshots", () => {
  const at = (takenAtMs: number, change: HeapOptions = {}): HeapOptions => ({
    ...change,
    meta: { ...change.meta, takenAtMs },
  });

  it("is the order in which they were taken, whatever was given", () => {
    const report = diff([registry(8), registry(3)], [at(2000), at(1000)]);
    expect(report.snapshots.map((each) => each.file)).toEqual(["1.dw", "0.dw"]);
    expect(report.holders[0]).toMatchObject({ entries: [3, 8] });
    expect(report.warnings).toEqual([
      "The snapshots were not given in the order in which they were taken; they are compared oldest first all the same.",
    ]);
  });

  it("is kept as given over a restart, where clocks may differ", () => {
    const report = diff([registry(3), registry(8)], [at(2000), at(1000, ELSEWHERE)]);
    expect(report.holders[0]).toMatchObject({ entries: [3, 8] });
    expect(report.warnings.join(" ")).toContain("compared as given");
  });
});

describe("over a restart", () => {
  it("matches holders by name, and says so", () => {
    const report = diff([registry(3), registry(8)], [{}, ELSEWHERE]);
    expect(report.sameProcess).toBe(false);
    expect(report.holders[0]).toMatchObject({ holder: { path: "sys.modules['app'].REGISTRY" }, entries: [3, 8] });
    expect(report.warnings.join(" ")).toContain("different processes");
  });

  it("tells a process from the child it forked, which lies where it lay", () => {
    const began = (processStartTicks: number | null): HeapOptions => ({ meta: { processStartTicks } });
    expect(diff([registry(3), registry(8)], [began(100), began(100)]).sameProcess).toBe(true);
    expect(diff([registry(3), registry(8)], [began(100), began(250)]).sameProcess).toBe(false);
    expect(diff([registry(3), registry(8)], [began(100), began(null)]).sameProcess).toBe(true);
  });

  it("does not trust a pid that was used again", () => {
    expect(diff([registry(3), registry(8)], [{}, { firstAddress: 0x7e00_0000_2000 }]).sameProcess).toBe(false);
  });
});

describe("strength of evidence", () => {
  it("two snapshots are weak, and it says why", () => {
    const report = diff([registry(3), registry(8)]);
    expect(report.holders[0]!.verdict).toMatchObject({ rises: 1, steps: 1, chance: null, strength: "weak" });
    expect(report.holders[0]!.verdict.because).toContain("two snapshots");
  });

  it("seven snapshots that rise every time are strong", () => {
    const outcome = queryDiff(
      [1, 2, 3, 4, 5, 6, 7].map((count) => ({ file: `${count}.dw`, snapshot: heap(PROGRAM + registry(count)) })),
    );
    expect(outcome.report.holders[0]!.verdict).toMatchObject({ rises: 6, steps: 6, strength: "strong" });
    expect(outcome.report.holders[0]!.verdict.chance).toBeCloseTo(1 / 5040);
    expect(outcome.isFinding).toBe(true);
  });

  it("a step back makes it weak, as many steps back as forward nothing", () => {
    const strengths = (counts: readonly number[]): string[] =>
      diff(counts.map((count) => registry(count))).holders.map((growth) => growth.verdict.strength);
    expect(strengths([1, 2, 3, 2, 4, 5, 6])).toEqual(["weak"]);
    expect(strengths([1, 3, 2, 4, 3, 2, 3])).toEqual([]);
  });

  it("a bounded cache that fills is weak", () => {
    const text = (results: number): string =>
      `modules['app'].load: lru_cache(100) def 'load' ${FILE} [ ${results} * list(100) [] ]`;
    expect(diff([1, 2, 3, 4, 5, 6, 7].map(text)).holders[0]!.verdict).toMatchObject({
      strength: "weak",
      because: "a bounded cache that is still filling",
    });
  });

  const MIB = 1024 * 1024;
  const series = (change: Partial<Series>): Series => ({
    values: [10, 20],
    bytes: [10 * MIB, 20 * MIB],
    heapBytes: 100 * MIB,
    filling: false,
    ...change,
  });
  it("two snapshots are strong only when growth is large in both ways", () => {
    expect(judge(series({})).strength).toBe("strong");
    expect(judge(series({ bytes: [MIB, 2 * MIB] })).strength).toBe("weak");
    expect(judge(series({ bytes: [90 * MIB, 100 * MIB] })).strength).toBe("weak");
    expect(judge(series({ heapBytes: 1000 * MIB })).strength).toBe("weak");
  });

  it("three to six snapshots name the chance", () => {
    const verdict = judge(series({ values: [1, 2, 3], bytes: [100, 200, 300] }));
    expect(verdict).toMatchObject({ strength: "weak", chance: 1 / 6 });
    expect(verdict.because).toContain("16.7 %");
  });
});

describe("types", () => {
  it("are followed by name", () => {
    expect(diff([registry(3), registry(8)], [{}, ELSEWHERE]).types[0]).toMatchObject({
      name: "app.Session",
      counts: [3, 8],
      countGrowth: 5,
      shallowGrowthBytes: 5000,
    });
  });
});
