// A short run of the cases of tools/cache-faults: real workers, real commands, and what breaks on one host; every fault comes once. The long
// run and its figures are in docs/cache-guarantees.md.

import { describe, expect, it } from "vitest";
import { FAULT_CASES, PACKAGES } from "../../../tools/cache-faults/cases.ts";
import { isGoverned, type Place, runRow } from "../../../tools/cache-faults/drive.ts";
import { findInterpreters } from "../../support/interpreters.ts";
import { packageVenv } from "../../support/package-venv.ts";

const newest = findInterpreters().at(-1);
const venv = newest === undefined ? { reason: "no interpreter" } : packageVenv(newest, PACKAGES);

const place = (python: string): Place => ({
  python,
  size: { workers: 2, threads: 3 },
  enough: { seconds: 0, limitSeconds: 50, clears: 2, times: 1, calls: 500 },
});

/** Seconds each by themselves; the long run has them. */
const SLOW: readonly string[] = ["caches clear --pid --wait 3", "gunicorn", "before each of its writes", "at once"];

describe.skipIf("reason" in venv)("after an acknowledged clear", () => {
  const python = "program" in venv ? venv.program : "";
  for (const fault of FAULT_CASES.filter(({ name }) => !SLOW.some((words) => name.includes(words)))) {
    const reason = fault.impossible?.() ?? null;
    const governed = fault.modes.filter((mode) => isGoverned(fault, mode));
    it.skipIf(reason !== null).each(governed)(
      `nothing from before it is an answer: ${fault.name} (%s)`,
      async (mode) => {
        const { verdict, because, answers } = await runRow(fault, place(python), mode);
        expect([verdict, because], JSON.stringify(answers)).toEqual(["holds", []]);
      },
      90_000,
    );
  }

  const [plain] = FAULT_CASES;
  it("the same program with lru_cache is answered with old values: the check can fail", async () => {
    if (plain === undefined) throw new Error("no case");
    const { verdict, because } = await runRow(plain, place(python), "lru_cache");
    expect([verdict, because]).toEqual(["caught", []]);
  }, 90_000);
});
