// Several leaks in one report: what holds for the process is said once, what holds for one leak is said with it.

import { expect, it } from "vitest";
import type { Diagnosis, Leak } from "../../src/model/diagnosis.ts";
import { diagnosisText } from "../../src/report/diagnosis-text.ts";
import * as diagnoses from "./example-diagnoses.ts";

const STYLE = { colours: false, width: 200 };
const OF_PROCESS = { what: "fragmentation", because: "What the allocator keeps free stayed at 12 MiB." };
const leakThat = (leak: Leak, because: string): Leak => ({
  ...leak,
  ruledOut: [OF_PROCESS, { what: "load", because }],
});

it("the second leak says what was ruled out for it, and not again what was ruled out for the process", () => {
  const [leak] = diagnoses.diagnosisOfShop.leaks;
  const leaks = [leakThat(leak!, "It rose while the load fell."), leakThat(leak!, "It rose without any load.")];
  const text = diagnosisText({ ...diagnoses.diagnosisOfShop, leaks }, STYLE);
  const times = (words: string): number => text.split(words).length - 1;
  expect([times("It rose while the load fell."), times("It rose without any load.")]).toEqual([1, 1]);
  expect(times(OF_PROCESS.because)).toBe(1);
});

it("warnings name files from the folder of the process, as the rest does", () => {
  const warnings = ["1 source file changed after the process had started: /srv/shop/sessions.py."];
  const report: Diagnosis = { ...diagnoses.diagnosisOfShop, warnings };
  expect(diagnosisText(report, STYLE)).toContain("after the process had started: shop/sessions.py.");
});
