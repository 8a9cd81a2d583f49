// A short run of each case of tools/cache-faults: real workers, real commands, and what breaks on one host. The long run and its figures
// are in docs/cache-guarantees.md.

import { describe, expect, it } from "vitest";
import { FAULT_CASES, PACKAGES } from "../../../tools/cache-faults/cases.ts";
import { isGoverned, type Place } from "../../../tools/cache-faults/drive.ts";
import { findInterpreters } from "../../support/interpreters.ts";
import { packageVenv } from "../../support/package-venv.ts";

const newest = findInterpreters().at(-1);
const venv = newest === undefined ? { reason: "no interpreter" } : packageVenv(newest, PACKAGES);

const place = (python: string): Place => ({ python, size: { workers: 3, threads: 4 }, seconds: 0.6 });

describe.skipIf("reason" in venv)("after an acknowledged clear", () => {
  const python = "program" in venv ? venv.program : "";
  for (const fault of FAULT_CASES) {
    const reason = fault.impossible?.() ?? null;
    const governed = fault.modes.filter((mode) => isGoverned(fault, mode));
    it.skipIf(reason !== null).each(governed)(
      `nothing from before it is an answer: ${fault.name} (%s)`,
      async (mode) => {
        const { calls, violations, broken, answers } = await fault.run(place(python), mode);
        expect([violations, broken], JSON.stringify(answers)).toEqual([0, []]);
        expect(calls).toBeGreaterThan(0);
      },
      60_000,
    );
  }

  const [plain] = FAULT_CASES;
  const peers = plain?.modes.filter((mode) => !isGoverned(plain, mode)) ?? [];
  it.each(peers)(
    "the same program with %s is answered with old values: the check can fail",
    async (mode) => {
      const result = await plain?.run({ ...place(python), seconds: 1 }, mode);
      expect(result?.violations).toBeGreaterThan(0);
    },
    60_000,
  );
});
