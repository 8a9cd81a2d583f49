// Allocations of a running process: the line that leaks, by whom it is kept, and that nothing goes on afterwards.

import { describe, expect, it, vi } from "vitest";
import { type TraceAsked, type TraceOutcome, traceProcess } from "../../../src/app/trace/trace-process.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { type AskedProgram, attachableInterpreters, QUIETLY, startAsked } from "../attach/attach-target.ts";

const python = findInterpreters().at(-1)?.path ?? "python3";
/** `self.data = bytearray(4000)` in answers.py, and the line that keeps the sessions. */
const [DATA_LINE, KEEPS] = ["self.data = bytearray(4000)", "__main__.SESSIONS"];

describe.each(attachableInterpreters().map((each) => [describeInterpreter(each), each] as const))(
  "Python %s",
  (_, { path, version }) => {
    it("names the line that keeps gaining, and who has what it allocated", { timeout: 120_000 }, async () => {
      await using target = await startAsked(path);
      const { report, stacks } = await trace(target, { forSeconds: 2, holder: KEEPS, frames: 4 });
      expect(report).toMatchObject({ pid: target.pid, python: version, ended: "asked", frames: 4 });
      const [first] = report.lines;
      expect(first).toMatchObject({ source: DATA_LINE });
      expect(first?.grownBytes).toBeGreaterThan(0);
      expect(first?.grownBytes).toBeLessThan(first?.bytes ?? 0);
      // The cache holds a hundred lists from before its middle on.
      const cache = report.lines.find(({ source }) => source?.startsWith("CACHE"));
      expect(cache?.grownBlocks).toBe(0);
      const [holder] = report.holders ?? [];
      expect(holder).toMatchObject({ path: KEEPS, problem: null });
      expect(holder?.lines[0]).toMatchObject({ source: DATA_LINE, line: first?.line });
      const own = stacks.find(({ frames }) => frames.at(-1)?.line === first?.line);
      expect(own?.frames.map(({ line }) => line)).toHaveLength(4);
      await ended(target);
    });
  },
);

it("finds the growing place by itself", { timeout: 120_000 }, async () => {
  await using target = await startAsked(python);
  const { report } = await trace(target, { forSeconds: 1, join: true });
  expect(report.holders?.[0]).toMatchObject({ path: KEEPS, problem: null });
  expect(report.holders?.[0]?.lines[0]).toMatchObject({ source: DATA_LINE });
});

it("ends at its budget, with what it has", { timeout: 60_000 }, async () => {
  await using target = await startAsked(python);
  const { report } = await trace(target, { forSeconds: 60, budget: 2000 });
  expect(report.ended).toBe("budget");
  expect(report.blocks).toBeGreaterThan(1000);
  await ended(target);
});

it("Ctrl-C ends it with what was gathered", { timeout: 60_000 }, async () => {
  await using target = await startAsked(python);
  const asked = new AbortController();
  const progress = vi.fn(({ done }: { readonly done: number }) => done >= 1 && asked.abort());
  const { report } = await trace(target, { forSeconds: 600, progress, signal: asked.signal });
  expect(report.lines[0]).toMatchObject({ source: DATA_LINE });
  expect(report.ended).toBe("asked");
  await ended(target);
});

it("a place that is not there, and a program that traces itself, are said", { timeout: 60_000 }, async () => {
  await using target = await startAsked(python);
  const { report } = await trace(target, { forSeconds: 0.2, holder: "shop.nothing" });
  expect(report.holders?.[0]?.problem).toContain("no module of shop.nothing");
});

async function trace({ pid }: AskedProgram, more: Partial<TraceAsked>): Promise<TraceOutcome> {
  const traced = await traceProcess({
    ...QUIETLY,
    pid,
    forSeconds: 1,
    frames: 1,
    budget: 200_000,
    limit: 20,
    holder: null,
    join: false,
    progress: () => {},
    signal: new AbortController().signal,
    ...more,
  });
  if (!traced.ok) throw new Error(JSON.stringify(traced.error));
  return traced.value;
}

/** Nothing of it is on any more, and nothing of it is there. */
async function ended(target: AskedProgram): Promise<void> {
  // The thread's last steps take a moment after the connection is closed.
  await vi.waitUntil(async () => ((await target.ask("state")) as { threads: number }).threads === 1, 20_000);
  expect(await target.ask("state")).toMatchObject({ tracing: false, modules: [] });
}
