// How the corpus judges an answer of `diagnose`, on answers made up for it.

import { describe, expect, it } from "vitest";
import type { Diagnosis, Leak } from "../../src/model/diagnosis.ts";
import { type LeakCase, readCases } from "../../tools/leak-corpus/cases.ts";
import { judgeCase } from "../../tools/leak-corpus/judge-case.ts";
import { resultTable } from "../../tools/leak-corpus/result-table.ts";

const cases = readCases();

describe("the table of cases", () => {
  it("has every cause, a twin for each leak, and fourteen that are no leak", () => {
    const leaks = cases.filter(({ kind }) => kind === "leak");
    const causes = new Set(leaks.flatMap(({ row }) => row.causes));
    expect(causes).toEqual(new Set(Array.from({ length: 17 }, (_, index) => `L${index + 1}`)));
    expect(cases.filter(({ kind }) => kind === "fixed")).toHaveLength(leaks.length);
    expect(cases.filter(({ kind }) => kind === "non-leak").length).toBeGreaterThanOrEqual(14);
  });

  it("knows a cause from its folder's name", () => {
    for (const { id, row } of cases.filter(({ kind }) => kind === "leak"))
      expect(row.causes).toContain(`L${Number(id.slice(1, 3))}`);
  });
});

describe("judging a leak", () => {
  const session = caseOf("l01-session-registry");
  const right = blame(session, { cause: "L1" });

  it("accepts cause, holder, kind and a marked line", () => {
    expect(judgeCase(session, answer("leak", [right]))).toMatchObject({ misses: [], isLineRight: true, cause: "L1" });
  });

  it("takes a file below the program's folder as the same file", () => {
    const [site] = right.sites;
    const short = { ...right, sites: [{ ...site!, file: "shop/sessions.py" }] };
    expect(judgeCase(session, answer("leak", [short])).misses).toEqual([]);
  });

  it.each([
    ["verdict", answer("steady", [right]), /^verdict steady is not leak or suspect$/],
    ["silence", answer("leak", []), /^no holder is blamed$/],
    ["cause", answer("leak", [{ ...right, cause: "L9" }]), /^cause L9 is not L1$/],
    ["holder", answer("leak", [named(right, "sys.modules['shop'].OTHER")]), /OTHER is not/],
    ["kind", answer("leak", [{ ...right, holder: { ...right.holder, kind: "queue" } }]), /^kind queue is not/],
    ["line", answer("leak", [{ ...right, sites: [] }]), /^no marked line among none$/],
    ["another", answer("leak", [right, named(right, "sys.modules['x'].Y")]), /^sys\.modules\['x'\]\.Y is blamed/],
  ])("misses: %s", (_, diagnosis, miss) => {
    const { misses } = judgeCase(session, diagnosis);
    expect(misses).toHaveLength(1);
    expect(misses[0]).toMatch(miss);
  });

  it("lets a possible leak stand beside the one that is there", () => {
    const other: Leak = { ...named(right, "sys.modules['x'].Y"), confidence: "possible" };
    expect(judgeCase(session, answer("leak", [other, right])).misses).toEqual([]);
  });

  it("wants no name and no line for native memory", () => {
    const native = caseOf("l16-native-malloc");
    const leak = { ...right, cause: "L16" as const, sites: [], holder: { ...right.holder, kind: "native" as const } };
    expect(judgeCase(native, answer("native", [leak]))).toMatchObject({ misses: [], isLineRight: null });
    expect(judgeCase(native, answer("native", [right])).misses).not.toEqual([]);
  });
});

describe("judging what is no leak", () => {
  it.each(["l01-session-registry fixed", "n02-filling-cache"])("%s: whoever is blamed is a miss", (id) => {
    const harmless = caseOf(id);
    const blamed = { ...blame(caseOf("l01-session-registry"), { cause: "L1" }), confidence: "possible" as const };
    expect(judgeCase(harmless, answer("filling", [])).misses).toEqual([]);
    expect(judgeCase(harmless, answer("filling", [blamed])).misses[0]).toMatch(/REGISTRY is blamed \(possible\)/);
    expect(judgeCase(harmless, answer("leak", [])).misses[0]).toMatch(/^verdict leak is not/);
  });
});

it("prints one row per case and the count", () => {
  const session = caseOf("l01-session-registry");
  const row = (diagnosis: Diagnosis) => ({ leakCase: session, judgement: judgeCase(session, diagnosis), diagnosis });
  const right = blame(session, { cause: "L1" });
  expect(resultTable([row(answer("leak", [right])), row(answer("steady", []))]).split("\n")).toEqual([
    "      case                  expected         verdict  cause  line  holder",
    "ok    l01-session-registry  L1 leak|suspect  leak     L1     yes   module-global sys.modules['shop.sessions'].REGISTRY",
    "MISS  l01-session-registry  L1 leak|suspect  steady   -      no    -",
    "        verdict steady is not leak or suspect",
    "        no holder is blamed",
    "1 of 2 right",
  ]);
});

function caseOf(id: string): LeakCase {
  return cases.find((each) => each.id === id)!;
}

function named(leak: Leak, path: string): Leak {
  return { ...leak, holder: { ...leak.holder, path } };
}

/** A leak as it should be reported for the session registry. */
function blame({ sites }: LeakCase, { cause }: Pick<Leak, "cause">): Leak {
  const [site] = sites;
  return {
    fingerprint: "a91f3c",
    cause,
    confidence: "proved",
    holder: {
      path: "sys.modules['shop.sessions'].REGISTRY",
      kind: "module-global",
      module: "shop.sessions",
      name: "REGISTRY",
      type: "dict",
      file: site!.file,
      line: 5,
    },
    sites: [{ ...site!, code: "REGISTRY[session.token] = session", how: "source" }],
    removals: [],
    leaked: { type: "Session", count: 9, countGrowth: 8, retainedBytes: 1, heldBytes: 1, bytesPerMinute: 1 },
    path: [],
    growth: {
      shape: "growing",
      isUnbroken: true,
      windowSeconds: 25,
      samples: 50,
      first: 1,
      last: 9,
      slope: 1,
      slopeLow: 1,
      slopeHigh: 1,
      perUnitOfLoad: null,
      p: 0,
      because: [],
      ruledOut: [],
      wouldChange: "",
    },
    because: [],
    ruledOut: [],
    fix: null,
    known: null,
    history: null,
  };
}

function answer(verdict: Diagnosis["verdict"], leaks: readonly Leak[]): Diagnosis {
  return {
    schema: "deadweight/diagnosis@1",
    target: { pid: 1, python: "3.11.7", command: [], folder: null, workers: [1] },
    verdict,
    because: [],
    leaks,
    dismissed: [],
    memory: { rssBytes: 0, pythonLiveBytes: 0, allocatorFreeBytes: 0, nativeBytes: 0, sharedBytes: 0 },
    forecast: { limitBytes: null, reachedInSeconds: null },
    window: { seconds: 25, samples: 50, snapshots: 2, pauseMs: [], cpuSeconds: 0 },
    comparison: null,
    warnings: [],
  };
}
