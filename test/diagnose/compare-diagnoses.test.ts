// A diagnosis against the one from before a fix.

import { describe, expect, it } from "vitest";
import { compareDiagnoses } from "../../src/diagnose/compare-diagnoses.ts";
import type { Diagnosis, Leak } from "../../src/model/diagnosis.ts";
import { diagnosisOfNothing, diagnosisOfShop } from "../report/example-diagnoses.ts";

const [SESSIONS] = diagnosisOfShop.leaks;
const sessions = (leaked: Partial<Leak["leaked"]>, fingerprint = "a91f3c2e"): Leak => {
  if (SESSIONS === undefined) throw new Error("the shop leaks");
  return {
    ...SESSIONS,
    fingerprint,
    leaked: { ...SESSIONS.leaked, ...leaked },
    growth: { ...SESSIONS.growth, perUnitOfLoad: null },
  };
};
const after = (leaks: readonly Leak[], more: Partial<Diagnosis> = {}): Diagnosis => ({
  ...diagnosisOfShop,
  target: { ...diagnosisOfShop.target, pid: 4801 },
  leaks,
  ...more,
});
const before = after([sessions({ bytesPerMinute: 1000 })], { target: diagnosisOfShop.target });

describe("a leak from before is", () => {
  it.each([
    ["gone", []],
    ["smaller", [sessions({ bytesPerMinute: 400 })]],
    ["still there", [sessions({ bytesPerMinute: 900 })]],
  ] as const)("%s", (state, leaks) => {
    const { leaks: compared } = compareDiagnoses(before, after(leaks));
    expect(compared.map((each) => [each.fingerprint, each.state])).toEqual([["a91f3c2e", state]]);
  });

  it("gone, and another is new", () => {
    const { leaks } = compareDiagnoses(before, after([sessions({}, "ffff0000")]));
    expect(leaks.map(({ fingerprint, state }) => [fingerprint, state])).toEqual([
      ["a91f3c2e", "gone"],
      ["ffff0000", "new"],
    ]);
    expect([leaks[0]?.after, leaks[1]?.before]).toEqual([null, null]);
  });

  it("judged by the work done, where both sides know it", () => {
    const perRequest = (leak: Leak, perUnitOfLoad: number): Leak => ({
      ...leak,
      growth: { ...leak.growth, perUnitOfLoad },
    });
    const busy = after([perRequest(sessions({ bytesPerMinute: 1000 }), 1)]);
    const calm = after([perRequest(sessions({ bytesPerMinute: 100 }), 1)]);
    expect(compareDiagnoses(busy, calm).leaks[0]?.state).toBe("still there");
  });
});

describe("what is no proof", () => {
  it("a shorter watch, less work, a process that was never started again", () => {
    const window = { ...diagnosisOfShop.window, seconds: 10, cpuSeconds: 0.1 };
    const { doubts } = compareDiagnoses(before, after(before.leaks, { window, target: before.target }));
    expect(doubts.join("\n")).toMatch(/--for 60s/);
    expect(doubts.join("\n")).toMatch(/used 0\.1 s of processor time, before the fix 21\.4 s/);
    expect(doubts.join("\n")).toMatch(/the same process as before/);
  });
  it("is not said of a fair one", () => {
    expect(compareDiagnoses(before, after([])).doubts).toEqual([]);
    expect(compareDiagnoses(diagnosisOfNothing, after([])).leaks).toEqual([]);
  });
});
