// Verifications as the reporters get them.

import type { Verification } from "../../src/model/verification.ts";
import { mib } from "./example-holders.ts";
import { diagnosisOfNothing, diagnosisOfShop } from "./example-diagnoses.ts";

const CALLS = [20, 30, 45, 68, 101, 152, 228, 342, 513, 769];
const KEPT_BYTES = 5_100;

function roundOf(calls: number, bytesPerCall: number, rssNoise: number): Verification["rounds"][number] {
  const liveGrowthBytes = calls * bytesPerCall;
  return {
    calls,
    seconds: calls / 50,
    liveBytes: mib(40),
    liveGrowthBytes,
    rssBytes: mib(70),
    rssGrowthBytes: Math.max(0, liveGrowthBytes + rssNoise),
  };
}

/** Leaks one session per call. */
export const verificationOfVisits: Verification = {
  schema: "deadweight/verification@1",
  verdict: "leak",
  scenario: {
    command: ["curl", "-fsS", "http://127.0.0.1:8000/visit"],
    warmUpCalls: 10,
    mostRounds: 10,
  },
  before: { liveBytes: mib(36), rssBytes: mib(66) },
  rounds: CALLS.map((calls, at) => roundOf(calls, KEPT_BYTES, at % 3 === 0 ? -8192 : 4096)),
  leaks: [
    {
      fingerprint: diagnosisOfShop.leaks[0]?.fingerprint ?? "",
      path: diagnosisOfShop.leaks[0]?.holder.path ?? "",
      unit: "entries",
      sizes: CALLS.reduce<number[]>((sizes, calls) => [...sizes, (sizes.at(-1) ?? 0) + calls], [11]),
      perCall: CALLS.map(() => 1),
      isProved: true,
      known: null,
    },
  ],
  diagnosis: diagnosisOfShop,
  warnings: [],
};

/** Over after two rounds. */
export const verificationOfNothing: Verification = {
  ...verificationOfVisits,
  verdict: "no-growth",
  rounds: CALLS.slice(0, 2).map((calls) => roundOf(calls, 0, 0)),
  leaks: [],
  diagnosis: diagnosisOfNothing,
};
