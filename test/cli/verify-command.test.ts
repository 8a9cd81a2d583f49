// `deadweight verify`: what is asked of the use case, and what the shell gets.

import { describe, expect, it } from "vitest";
import { ok } from "../../src/base/result.ts";
import type { Verification } from "../../src/model/verification.ts";
import { verificationOfNothing, verificationOfVisits } from "../report/example-verifications.ts";
import { failing, run } from "./fake-world.ts";

const ASKED = {
  scenario: ["curl", "--fail", "URL"],
  warmUpCalls: 10,
  calls: 20,
  rounds: 10,
  baselineFile: null,
  maxPauseMs: 5000,
  toolVersion: "1.2.3",
};

describe("whose memory is looked at", () => {
  it.each([
    [["--pid", "4711"], { kind: "pid", pid: 4711 }],
    [["--match", "gunicorn.*shop"], { kind: "match", pattern: /gunicorn.*shop/ }],
    [["--serve", "python -m shop"], { kind: "serve", command: "python -m shop" }],
    [[], { kind: "itself" }],
  ])("%j", async (words, target) => {
    const { code, calls } = await run(["verify", ...words, "--", "curl", "--fail", "URL"]);
    expect(calls[0]?.given[0]).toMatchObject({ ...ASKED, target });
    expect(code).toBe(1);
  });

  it.each([
    [["--pid", "1", "--match", "x", "--", "true"], "give one of --pid, --match and --serve, not several"],
    [["--match", "(", "--", "true"], "--match is no regular expression"],
    [["--pid", "1"], "what should be run at each call? Give a command after --"],
  ])("refuses %j", async (words, sentence) => {
    const { code, stderr, calls } = await run(["verify", ...words]);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr()).toContain(sentence);
  });
});

it("options say how often", async () => {
  const words = ["--warm-up", "3", "--calls", "50", "--rounds", "7", "--baseline", "known.json"];
  const { calls } = await run(["verify", ...words, "--", "true"]);
  expect(calls[0]?.given[0]).toMatchObject({ warmUpCalls: 3, calls: 50, rounds: 7, baselineFile: "known.json" });
});

describe("what the shell gets", () => {
  it.each([
    ["leak", 1],
    ["known", 0],
    ["growing", 0],
    ["no-growth", 0],
  ] as const)("%s: %i", async (verdict, code) => {
    const report: Verification = { ...verificationOfNothing, verdict };
    expect((await run(["verify", "--", "true"], { actions: { verify: async () => ok(report) } })).code).toBe(code);
  });

  it("2 and a sentence when it could not be done", async () => {
    const { code, stderr } = await run(["verify", "--", "true"], { actions: { verify: failing } });
    expect(code).toBe(2);
    expect(stderr()).toContain("There is no process 4711.");
  });

  it("the table with its constant column", async () => {
    const { stdout } = await run(["verify", "--", "true"]);
    expect(stdout()).toMatch(/^ +10 +769 +\+769 +\+1\.00 /m);
    expect(verificationOfVisits.rounds.length).toBe(10);
  });
});
