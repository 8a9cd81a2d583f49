// Growth that no single container shows: in the containers inside one, in chains, in one list for each thread; and growth that is
// none of its own.

import { describe, expect, it } from "vitest";
import { queryDiff, queryTop, queryWhy } from "../../src/app/heap-queries.ts";
import type { DiffReport } from "../../src/model/heap-reports.ts";
import { heap } from "../support/snapshot-language.ts";

const FILE = "at '/srv/app.py':31";
/** Enough of a program to be recognised as the same process. */
const PROGRAM = `modules['app'].Session: class Session {}\nmodules['app'].main: def 'main' ${FILE} {}\nmodules['app'].CONFIG: dict { 'a': int }\n`;

function grown(before: string, after: string): DiffReport["holders"] {
  const snapshots = [before, after].map((text, at) => ({ file: `${at}.dw`, snapshot: heap(PROGRAM + text) }));
  return queryDiff(snapshots).report.holders;
}

describe("containers inside a container", () => {
  const devices = (readings: number, others: number = readings): string => {
    const list = (at: number): string =>
      `l${at}@0x7fff0000${at}000 list [ ${at === 1 ? readings : others} * Reading(200) {} ]`;
    return `modules['app'].BY_DEVICE: dict { 'k1': ${list(1)}, 'k2': ${list(2)}, 'k3': ${list(3)} }`;
  };

  it("are named together, with their elements counted", () => {
    expect(grown(devices(2), devices(10))).toMatchObject([
      {
        holder: { path: "sys.modules['app'].BY_DEVICE[*]", name: "BY_DEVICE[*]", kind: "module-global", type: "list" },
        entries: [6, 30],
        mostly: { type: "app.Reading", count: 24 },
      },
    ]);
  });

  it("have a step of their own", () => {
    const [growth] = grown(devices(2), devices(10));
    expect(growth!.steps.at(-2)).toMatchObject({ edge: "global BY_DEVICE", entries: 3 });
    expect(growth!.steps.at(-1)).toMatchObject({ edge: "[*]", type: "list", entries: 10 });
  });

  it("give way to the one that grew alone", () => {
    expect(grown(devices(2), devices(30, 2)).map(({ holder }) => holder.path)).toEqual([
      "sys.modules['app'].BY_DEVICE['k1']",
    ]);
  });

  it("are found below attributes, too", () => {
    const accounts = (visits: number): string =>
      `modules['app'].ACCOUNTS: list [ ${[1, 2, 3]
        .map(
          (at) =>
            `a${at}@0x7fff000${at}0000 Account { visits: l${at}@0x7fff000${at}1000 list [ ${visits} * str(300) ] }`,
        )
        .join(", ")} ]`;
    expect(grown(accounts(2), accounts(9))).toMatchObject([
      {
        holder: { path: "sys.modules['app'].ACCOUNTS[*].visits" },
        entries: [6, 27],
        mostly: { type: "str", count: 21 },
      },
    ]);
  });
});

describe("a chain", () => {
  const versions = (links: number): string => {
    const chain = Array.from({ length: links }, (_, at) => at).reduceRight(
      (before, at) =>
        `v${at}@0x7ffe0000${(links - at).toString().padStart(2, "0")}00 Version { text: str(500), before: ${before} }`,
      "None",
    );
    return `modules['app'].CURRENT: ${chain}`;
  };
  const wrapped = (times: number): string => {
    const code = `'patch.<locals>.wrapped' ${FILE}`;
    return `modules['app'].send: ${Array.from({ length: times }).reduce<string>(
      (inner) => `def ${code} { closure send: ${inner}, closure answers: dict { 'a': str(900) } }`,
      `def 'send' ${FILE} {}`,
    )}`;
  };

  it("of objects is counted by its links", () => {
    expect(grown(versions(10), versions(25))).toMatchObject([
      {
        holder: { path: "sys.modules['app'].CURRENT", type: "app.Version" },
        entries: [10, 25],
        mostly: { type: "app.Version", count: 15 },
      },
    ]);
  });

  it("of three is none", () => {
    expect(grown(versions(2), versions(3))[0]).toMatchObject({ entries: [null, null] });
  });

  it("is folded in a path that is too long", () => {
    const report = queryWhy(heap(`${PROGRAM}${versions(60)}\n`), "app.Version", { subjects: 100, paths: 1 });
    const edges = report.ok
      ? report.value.subjects.flatMap(({ paths }) => paths[0]!.steps.map(({ edge }) => edge))
      : [];
    expect(edges.find((edge) => edge.endsWith(" times"))).toMatch(/^\.before, \d+ times$/);
  });

  it("of functions is not part of the program", () => {
    expect(queryTop(heap(PROGRAM + wrapped(2))).byHolder[0]?.holder.path).toMatch(/^<closure/);
  });
});

describe("a thread-local", () => {
  const local = (jobs: number): string =>
    `modules['app'].LOCAL: thread-local [ ${[1, 2, 3]
      .map((at) => `{ history: l${at}@0x7fff0000${at}000 list [ ${jobs} * Job(20000) {} ] }`)
      .join(", ")} ]`;

  it("is one line for all threads", () => {
    expect(grown(local(2), local(9))).toMatchObject([
      {
        holder: { path: "sys.modules['app'].LOCAL.<thread-local>.history", kind: "thread-local" },
        entries: [6, 27],
        mostly: { type: "app.Job", count: 21 },
      },
    ]);
  });
});

describe("what atexit keeps", () => {
  const callbacks = (count: number): string =>
    Array.from(
      { length: count },
      (_, at) => `atexit: def 'close${at}' ${FILE} { default rows: list [ 3 * str(100) ] }`,
    ).join("\n");

  it("is one line, with the number of callbacks", () => {
    const { byHolder } = queryTop(heap(PROGRAM + callbacks(5)));
    expect(byHolder[0]).toMatchObject({
      holder: { path: "atexit callbacks[*]", kind: "callback-list", module: "atexit", type: "function" },
      entries: 5,
    });
  });

  it("can be asked for, one and all", () => {
    const snapshot = heap(PROGRAM + callbacks(5));
    const matches = (path: string): number | null => {
      const report = queryWhy(snapshot, path);
      return report.ok ? report.value.matched : null;
    };
    expect(matches("atexit callbacks[*]")).toBe(5);
    expect(matches("atexit callbacks[3]")).toBe(1);
  });
});

describe("growth that is none of its own", () => {
  const tasks = (count: number, watched: number = count): string => {
    const each = (text: (at: number) => string, length: number): string =>
      Array.from({ length }, (_, at) => text(at)).join(", ");
    return `modules['app'].RUNNING: list [ ${each((at) => `t${at}@0x7ffd00${(10 + at).toString()}000 Task(900) {}`, count)} ]
      modules['lib'].ALL: w@0x7ffc00001000 set [ ${each((at) => `r${at}@0x7ffb00${(10 + at).toString()}000 weakref.ReferenceType(72)`, watched)} ]`;
  };

  it("is left out: weak references to what is kept elsewhere", () => {
    expect(grown(tasks(5), tasks(40)).map(({ holder }) => holder.path)).toEqual(["sys.modules['app'].RUNNING"]);
  });

  it("is shown when nothing else grew as much", () => {
    expect(grown(tasks(5, 5), tasks(6, 60)).map(({ holder }) => holder.path)).toContain("sys.modules['lib'].ALL");
  });
});
