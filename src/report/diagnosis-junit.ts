// A diagnosis as JUnit XML: a case for each leak, failed when it is proved; a process that leaks nothing is one case that passed.

import { causeName } from "../model/cause-names.ts";
import type { Diagnosis, Leak } from "../model/diagnosis.ts";
import { leakPlace, leakSentence } from "./diagnosis-words.ts";
import { escapeMarkup } from "./escape-markup.ts";

export function diagnosisJunit(report: Diagnosis): string {
  const failures = report.leaks.filter(({ confidence }) => confidence === "proved").length;
  const name = escapeMarkup(`deadweight diagnose: ${report.target.command.join(" ")}`);
  const counts = `tests="${Math.max(1, report.leaks.length)}" failures="${failures}" errors="0"`;
  const passed = `    <testcase name="${escapeMarkup(report.verdict)}" classname="deadweight.diagnose">
      <system-out>${escapeMarkup(report.because.join("\n"))}</system-out>
    </testcase>
`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deadweight" ${counts}>
  <testsuite name="${name}" ${counts} time="${report.window.seconds}">
${report.leaks.length === 0 ? passed : report.leaks.map(testcase).join("")}  </testsuite>
</testsuites>
`;
}

/** What is not proved is told, and does not fail a build. */
function testcase(leak: Leak): string {
  const place = leakPlace(leak);
  const name = escapeMarkup(`${leak.cause} ${causeName(leak.cause)}: ${leak.holder.path}`);
  const fix = leak.fix === null ? [] : [`Fix: ${leak.fix.text}`];
  const body = [...(place === null ? [] : [place]), ...leak.because, ...fix].join("\n");
  const told = `${leakSentence(leak)}\n${body}`;
  const inner =
    leak.confidence === "proved"
      ? `<failure type="${leak.cause}" message="${escapeMarkup(leakSentence(leak))}">${escapeMarkup(body)}</failure>`
      : `<system-out>${escapeMarkup(told)}</system-out>`;
  return `    <testcase name="${name}" classname="deadweight.diagnose">
      ${inner}
    </testcase>
`;
}
