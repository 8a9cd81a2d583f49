// Real programs, each with one leak: holder, cause, lines and the faulty reference, from two snapshots and the sources.

import { describe, expect, it } from "vitest";
import { diagnoseHolder, type HolderQuestion } from "../../src/diagnose/diagnose-holder.ts";
import type { Leak } from "../../src/model/diagnosis.ts";
import { describeInterpreter, findInterpreters, type TestInterpreter } from "../support/interpreters.ts";
import { CONTAINER_PROGRAMS } from "./container-programs.ts";
import { GROWING } from "./example-series.ts";
import { grow, type GrownProgram } from "./growing-program.ts";
import { HIDDEN_PROGRAMS } from "./hidden-programs.ts";
import type { LeakingProgram } from "./leaking-program.ts";
import { BOUNDED_PROGRAM, LIBRARY_PROGRAMS } from "./library-programs.ts";
import { LINGERING_PROGRAMS } from "./lingering-programs.ts";
import { ROUNDABOUT_PROGRAMS } from "./roundabout-programs.ts";

const LEAKING_PROGRAMS = [...CONTAINER_PROGRAMS, ...LINGERING_PROGRAMS, ...ROUNDABOUT_PROGRAMS];
/** A busy machine takes its time. */
const LONGEST_MS = 180_000;
const PYTHONS = findInterpreters();

describe.each(PYTHONS.map((python) => [describeInterpreter(python), python] as const))("%s", (_, python) => {
  it.each(programsOn(python).map((program) => [program.name, program] as const))(
    "%s",
    async (_name, program) => {
      await using grown = await grow({ ...program, python });
      const leak = leakOf(grown, program);
      expect(leak.cause).toBe(program.cause);
      expect(leak.sites[0]?.code).toContain("# fills");
      expectDeclared(leak, grown, program);
      expect(leak.removals.map(({ code }) => code.includes("# empties"))).toEqual(leak.removals.map(() => true));
      expectPath(leak, program);
      expect(leak.fix?.text).toMatch(/\.$/);
      for (const sentence of leak.because) expect(sentence).toMatch(/^[A-Z`\d\w].*\.$/);
    },
    LONGEST_MS,
  );
});

/** The programs take turns on the interpreters; what depends on the sources alone is shown on the newest. */
function programsOn(python: TestInterpreter): readonly LeakingProgram[] {
  const spread = LEAKING_PROGRAMS.filter((_, at) => PYTHONS[at % PYTHONS.length] === python);
  return python === PYTHONS.at(-1) ? [...spread, ...HIDDEN_PROGRAMS, ...LIBRARY_PROGRAMS] : spread;
}

function leakOf(grown: GrownProgram, program: LeakingProgram, change: Partial<HolderQuestion> = {}): Leak {
  const growth = grown.diff.holders.find(
    ({ holder }) => holder.kind === program.kind && program.path.test(holder.path),
  );
  const seen = grown.diff.holders.map(({ holder }) => `${holder.kind} ${holder.path}`);
  expect(growth, `no ${program.kind} like ${String(program.path)} among ${seen.slice(0, 5).join(", ")}`).toBeDefined();
  return diagnoseHolder({
    growth: growth!,
    series: GROWING,
    history: null,
    first: grown.first,
    last: grown.last,
    seconds: 10,
    source: grown.source,
    bound: null,
    isGarbageStaying: false,
    heapGrowthBytes: growth!.heldGrowthBytes,
    ...change,
  });
}

/** The line that is marked, if one is; registries of libraries are made elsewhere. */
function expectDeclared(leak: Leak, grown: GrownProgram, { sources }: LeakingProgram): void {
  const isMarked = Object.values(sources).some((text) => text.includes("# made"));
  if (!isMarked) return;
  const line = grown.source.linesOf(leak.holder.file ?? "")[(leak.holder.line ?? 0) - 1];
  expect(line).toContain("# made");
}

function expectPath(leak: Leak, { isDoubtful, kind }: LeakingProgram): void {
  if (kind === "garbage-cycle") return expect(leak.path).toEqual([]);
  const faulty = leak.path.filter((step) => step.isFaulty);
  expect(faulty).toHaveLength(isDoubtful === true ? 0 : 1);
  expect(leak.path.every((step) => step.because.endsWith("."))).toBe(true);
  if (isDoubtful === true) return;
  const [before, last] = leak.path.slice(-2);
  expect(last).toMatchObject({ verdict: "stuck", isFaulty: true });
  expect(before?.verdict).toBe("expected");
}

const [GLOBAL_DICT] = LEAKING_PROGRAMS;

describe("what a diagnosis says", () => {
  it(
    "counts entries and increments of every step, and the reasons",
    async () => {
      await using grown = await grow(GLOBAL_DICT!);
      const leak = leakOf(grown, GLOBAL_DICT!);
      expect(leak.path.at(-2)).toMatchObject({
        edge: "global REGISTRY",
        type: "dict",
        entries: 1200,
        entriesGrowth: 900,
      });
      expect(leak.path.at(-1)).toMatchObject({ edge: "[*]", type: "app.sessions.Session", entriesGrowth: 900 });
      expect(leak.leaked).toMatchObject({ type: "app.sessions.Session", count: 1200, countGrowth: 900 });
      expect(leak.because).toContain("Keys are added and stay.");
      expect(leak.because.join(" ")).toMatch(/from 300 to 1,200 entries within 10 s: .* more, 100 % of what the heap/);
      expect(leak.because.join(" ")).toMatch(
        /`open_session` adds to it at sessions\.py:10\. Nothing takes anything out/,
      );
      expect(leak.ruledOut.map(({ what }) => what)).toEqual([
        "warm-up",
        "garbage that waits for the collector",
        "a bounded cache that fills",
      ]);
    },
    LONGEST_MS,
  );

  it(
    "is proved by an unbroken rise that explains the growth, and by nothing less",
    async () => {
      await using grown = await grow(GLOBAL_DICT!);
      const sure = (change: Partial<HolderQuestion>): string => leakOf(grown, GLOBAL_DICT!, change).confidence;
      expect(sure({})).toBe("proved");
      expect(sure({ series: { ...GROWING, isUnbroken: false } })).toBe("likely");
      expect(sure({ heapGrowthBytes: 1e9 })).toBe("likely");
      expect(sure({ series: { ...GROWING, shape: "filling" } })).toBe("possible");
      expect(sure({ bound: 5000 })).toBe("possible");
      expect(sure({ source: null })).toBe("proved");
      expect(sure({ source: null, series: { ...GROWING, isUnbroken: false } })).toBe("possible");
    },
    LONGEST_MS,
  );

  it(
    "is no more than possible in a container whose class keeps itself small",
    async () => {
      await using grown = await grow(BOUNDED_PROGRAM);
      expect(leakOf(grown, BOUNDED_PROGRAM).confidence).toBe("possible");
    },
    LONGEST_MS,
  );

  it(
    "has the same fingerprint on every run and version, whatever the numbers and folders",
    async () => {
      const prints: string[] = [];
      for (const python of [PYTHONS[0]!, PYTHONS.at(-1)!]) {
        await using grown = await grow({ ...GLOBAL_DICT!, python });
        prints.push(leakOf(grown, GLOBAL_DICT!).fingerprint);
      }
      expect(new Set(prints)).toHaveLength(1);
      expect(prints[0]).toMatch(/^[0-9a-f]{16}$/);
    },
    LONGEST_MS,
  );

  it(
    "hands on the patch of the rule that found the same cache",
    async () => {
      const program = LEAKING_PROGRAMS.find(({ name }) => name === "a cache on a method")!;
      await using grown = await grow(program);
      const leak = leakOf(grown, program);
      const finding = grown.source.findings.find(({ code }) => code === "DW102");
      expect(leak.fix?.text).toBe(finding?.fix?.text);
      const hasEdits = (finding?.fix?.edits.length ?? 0) > 0;
      expect(leak.fix?.patch === null).toBe(!hasEdits);
      if (hasEdits) expect(leak.fix?.patch).toMatch(/^--- a\/reports\.py\n\+\+\+ b\/reports\.py\n@@ /);
    },
    LONGEST_MS,
  );
});
