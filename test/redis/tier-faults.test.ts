// A short run of tools/cache-faults between hosts: what clear-on-redis.test.ts does not break; every fault comes once. The long run and its figures are in
// docs/cache-guarantees.md.

import { describe, expect, it } from "vitest";
import { PACKAGES } from "../../tools/cache-faults/cases.ts";
import { type FaultCase, type Place, runRow } from "../../tools/cache-faults/drive.ts";
import { tierCases } from "../../tools/cache-faults/tier-cases.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";
import { findServerPrograms } from "./server-programs.ts";

const newest = findInterpreters().at(-1);
const venv = newest === undefined ? { reason: "no interpreter" } : packageVenv(newest, PACKAGES);
const place = (python: string): Place => ({
  python,
  size: { workers: 2, threads: 3 },
  enough: { seconds: 0, limitSeconds: 50, clears: 2, times: 1, calls: 500 },
});

/** One on each kind of server in turn. */
const BROKEN = [
  "two hosts of their own",
  "a network that loses everything",
  "workers that fork",
  "one reader for all workers",
  "FLUSHALL",
  "gunicorn --preload",
];
const kinds = findServerPrograms().map(tierCases);

function caseNamed(words: string, at: number): FaultCase {
  const cases = kinds[at % kinds.length] ?? [];
  const found = cases.find(({ name }) => name.includes(words));
  if (found === undefined) throw new Error(`no case ${words}`);
  return found;
}

describe.skipIf("reason" in venv)("after a clear that was acknowledged between hosts", () => {
  const python = "program" in venv ? venv.program : "";
  for (const [at, words] of BROKEN.entries()) {
    const fault = caseNamed(words, at);
    const reason = fault.impossible?.() ?? null;
    it.skipIf(reason !== null)(
      `nothing from before it is an answer: ${fault.name}${reason === null ? "" : ` (${reason})`}`,
      async () => {
        const { verdict, because, answers } = await runRow(fault, place(python), "tier");
        expect([verdict, because], JSON.stringify(answers)).toEqual(["holds", []]);
      },
      90_000,
    );
  }
});
