// `deadweight verify` on real programs: growth per call, early passes, baselines, scenarios that fail.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { verifyScenario, type VerifiedTarget, type VerifyAsked } from "../../../src/app/verify/verify-scenario.ts";
import type { KnownGrowth, Verification } from "../../../src/model/verification.ts";
import { shellWord } from "../../../src/base/format-shell.ts";
import { findInterpreters } from "../../support/interpreters.ts";

const LONGEST_MS = 240_000;
const PROGRAM = join(import.meta.dirname, "repeats.py");
const NATIVE = join(import.meta.dirname, "native.py");
const LINE =
  readFileSync(PROGRAM, "utf8")
    .split("\n")
    .findIndex((line) => line.includes("# leak: here")) + 1;
const PYTHON = findInterpreters().at(-1)!.path;
const TODAY = Date.UTC(2026, 10, 21, 12);

async function verified(
  scenario: readonly string[],
  more: Partial<VerifyAsked> = {},
): Promise<{ readonly report: Verification | null; readonly said: string }> {
  const target: VerifiedTarget = { kind: "itself" };
  const found = await verifyScenario({
    target,
    scenario,
    warmUpCalls: 10,
    calls: 20,
    rounds: 8,
    baselineFile: null,
    maxPauseMs: 30_000,
    toolVersion: "test",
    nowMs: TODAY,
    progress: () => {},
    signal: new AbortController().signal,
    ...more,
  });
  return found.ok
    ? { report: found.value, said: found.value.warnings.join("\n") }
    : { report: null, said: found.error.message };
}

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "dw-verify-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function baselineOf(known: readonly KnownGrowth[]): string {
  const file = join(scratchFolder(), "known.json");
  writeFileSync(file, JSON.stringify({ schema: "deadweight/known-growth@1", known }));
  return file;
}

describe("a program that repeats its work", { timeout: LONGEST_MS }, () => {
  const leaking = [PYTHON, PROGRAM, "leaks"];
  let first: Verification | null;
  beforeAll(async () => {
    first = (await verified(leaking)).report;
  }, LONGEST_MS);

  it("leaks the same at each call: holder, cause, line", () => {
    const report = first;
    expect(report?.verdict).toBe("leak");
    const [leak] = report?.leaks ?? [];
    expect(leak).toMatchObject({ path: "sys.modules['__main__'].KEPT", unit: "entries", isProved: true });
    expect(leak?.perCall.length).toBe(8);
    // The last line of a round may be printed and not read yet.
    for (const each of leak?.perCall ?? []) expect(each).toBeCloseTo(1, 1);
    const [found] = report?.diagnosis.leaks ?? [];
    expect(found?.cause).toBe("L1");
    expect(found?.sites.map(({ line }) => line)).toContain(LINE);
    expect(report?.rounds.every(({ calls, seconds }) => calls >= 20 && seconds > 0)).toBe(true);
  });

  it("leaks memory of C, which no place in the heap holds: the rounds prove it", async () => {
    const { report } = await verified([PYTHON, NATIVE, "native"]);
    expect(report?.verdict).toBe("leak");
    expect(report?.leaks[0]).toMatchObject({ path: "<native memory>", unit: "bytes", isProved: true });
    for (const each of report?.leaks[0]?.perCall ?? []) expect(each).toBeGreaterThan(150_000);
    expect(report?.diagnosis.leaks[0]?.cause).toBe("L16");
  });

  it("leaves things behind in a child of it: the child is named", async () => {
    const { report, said } = await verified([PYTHON, NATIVE, "child"], { calls: 60, rounds: 4 });
    expect(report?.verdict).toBe("no-growth");
    expect(said).toMatch(/^Its child process \d+ grew by .* meanwhile, and was not looked into: give --pid \d+/m);
  });

  it("leaks what the baseline knows, until the day is over", async () => {
    const fingerprint = String(first?.leaks[0]?.fingerprint);
    const today = { fingerprint, until: "2026-11-21", because: "issue 12" };
    const known = await verified(leaking, { baselineFile: baselineOf([today]) });
    expect([known.report?.verdict, known.said]).toEqual(["known", ""]);
    const old = [
      { ...today, until: "2026-11-20" },
      { ...today, fingerprint: "0000" },
    ];
    const expired = await verified(leaking, { baselineFile: baselineOf(old) });
    expect(expired.report?.verdict).toBe("leak");
    expect(expired.said.split("\n")).toEqual([
      `The baseline's entry for ${fingerprint} ended on 2026-11-20 (issue 12): it counts again.`,
      "The baseline knows 0000 (issue 12), which does not grow any more: take it out.",
    ]);
  });

  it("leaves nothing behind: it passes early", async () => {
    const { report } = await verified([PYTHON, PROGRAM, "forgets"]);
    expect([report?.verdict, report?.leaks]).toEqual(["no-growth", []]);
    expect(report?.rounds.length).toBeLessThan(8);
  });

  it("fills a bounded cache: that is no leak", async () => {
    const { report } = await verified([PYTHON, PROGRAM, "fills"]);
    expect(report?.leaks.filter(({ isProved }) => isProved)).toEqual([]);
  });

  it("ends before the rounds are over: a sentence", async () => {
    const { report, said } = await verified([PYTHON, PROGRAM, "ends"], { calls: 100 });
    expect(report).toBeNull();
    expect(said).toMatch(/ ended with exit code 5 after 39 lines, and more are needed$/);
  });
});

describe("a command against a service", { timeout: LONGEST_MS }, () => {
  it("that is started for it, and ended", async () => {
    const pipe = join(scratchFolder(), "requests");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const serve = ["exec", PYTHON, PROGRAM, "told", pipe].map(shellWord).join(" ");
    const scenario = ["sh", "-c", `echo "$DEADWEIGHT_CALL" > ${shellWord(pipe)}`];
    const { report, said } = await verified(scenario, { target: { kind: "serve", command: serve }, calls: 5 });
    expect(report?.verdict, said).toBe("leak");
    expect(report?.leaks[0]?.path).toBe("sys.modules['__main__'].KEPT");
    expect(spawnSync("kill", ["-0", `${report?.diagnosis.target.pid}`]).status).not.toBe(0);
  });

  it.each([
    [
      "fails",
      ["sh", "-c", "echo no such cart >&2; exit 22"],
      /failed with exit code 22 in call 1; it said: no such cart$/,
    ],
    ["cannot be started", ["/no/such/program"], /`\/no\/such\/program` could not be started/],
  ])("that %s: a sentence", async (_, scenario, sentence) => {
    const { said } = await verified(scenario, { target: { kind: "pid", pid: process.pid } });
    expect(said).toMatch(sentence);
  });
});

describe("a baseline that", () => {
  it.each([
    ["is not there", null, /cannot be read/],
    ["is no JSON", "{", /cannot be read/],
    ["is another document", "{}", /is no list of known growth\. It looks like this: \{"schema"/],
    [
      "names no day",
      '{"schema":"deadweight/known-growth@1","known":[{"fingerprint":"a","until":"soon","because":""}]}',
      /is no list of known growth/,
    ],
  ])("%s is refused before anything runs", async (_, text, sentence) => {
    const file = join(scratchFolder(), "known.json");
    if (text !== null) writeFileSync(file, text);
    expect((await verified(["/no/such/program"], { baselineFile: file })).said).toMatch(sentence);
  });
});
