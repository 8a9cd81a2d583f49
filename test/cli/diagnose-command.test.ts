// `deadweight diagnose`: what is asked of the use case, and what the shell gets.

import { describe, expect, it } from "vitest";
import { ok } from "../../src/base/result.ts";
import { diagnosisOfNothing, diagnosisOfSuspects } from "../report/example-diagnoses.ts";
import { failing, run } from "./fake-world.ts";

const ASKED = {
  forSeconds: 60,
  samplesPerSecond: 4,
  snapshots: null,
  load: null,
  keepFolder: null,
  compareFile: null,
  maxPauseMs: 5000,
  toolVersion: "1.2.3",
};

describe("which process", () => {
  it.each([
    [["4711"], { kind: "pid", pid: 4711 }],
    [["--match", "gunicorn.*shop"], { kind: "match", pattern: /gunicorn.*shop/ }],
    [["--", "python", "-m", "shop", "--for", "3"], { kind: "command", words: ["python", "-m", "shop", "--for", "3"] }],
  ])("%j", async (words, target) => {
    const { code, calls } = await run(["diagnose", ...words]);
    expect(calls).toEqual([{ action: "diagnose", given: [{ ...ASKED, target }] }]);
    expect(code).toBe(1);
  });

  it.each([
    [[], "which process? Give a PID, --match REGEX, or a program to start after --"],
    [["4711", "--match", "x"], "give one of PID, --match and a program after --, not several"],
    [["--match", "("], "--match is no regular expression"],
    [["nginx"], "PID must be a process id, not 'nginx'"],
  ])("refuses %j", async (words, sentence) => {
    const { code, stderr, calls } = await run(["diagnose", ...words]);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr()).toContain(sentence);
  });
});

describe("how long and how often", () => {
  it.each([
    [["--for", "90s"], { forSeconds: 90 }],
    [["--for", "5m"], { forSeconds: 300 }],
    [["--for", "1.5h"], { forSeconds: 5400 }],
    [["--rate", "50"], { samplesPerSecond: 10 }],
    [["--snapshots", "2", "--keep", "heaps"], { snapshots: 2, keepFolder: "heaps" }],
  ])("%j", async (words, asked) => {
    const { calls } = await run(["diagnose", "4711", ...words]);
    expect(calls[0]?.given[0]).toMatchObject(asked);
  });
});

describe("what the shell gets", () => {
  it("1 only when a leak is proved", async () => {
    const codeFor = async (report: typeof diagnosisOfNothing): Promise<number> =>
      (await run(["diagnose", "4711"], { actions: { diagnose: async () => ok(report) } })).code;
    expect(await codeFor(diagnosisOfNothing)).toBe(0);
    expect(await codeFor(diagnosisOfSuspects)).toBe(0);
  });

  it("2 and a sentence when it could not be done", async () => {
    const { code, stderr } = await run(["diagnose", "4711"], { actions: { diagnose: failing } });
    expect(code).toBe(2);
    expect(stderr()).toContain("There is no process 4711.");
  });
});
