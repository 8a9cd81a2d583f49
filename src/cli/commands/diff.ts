// `deadweight diff A B [C...]`

import type { DiffReport } from "../../model/heap-reports.ts";
import { diffText } from "../../report/diff-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { EXECUTABLE_OPTION, MAX_PAUSE_OPTION, SYSROOT_OPTION, VALUES_OPTION, withReading } from "../source-options.ts";

export const diff: Command = defineCommand({
  name: "diff",
  summary: "what grew between snapshots, by holder and type",
  description: [
    "Give the snapshots in the order they were taken. Two show what grew; from seven on, an unbroken rise is proof that it keeps growing (by chance it happens once in 5,040).",
  ],
  arguments: {
    sources: {
      placeholder: "FILE",
      takes: "source",
      count: "many",
      least: 2,
      summary: "snapshot files, oldest first; a process id stands for its heap now",
    },
  },
  options: {
    limit: { kind: "count", placeholder: "N", default: 10, summary: "rows per table" },
    values: VALUES_OPTION,
    "max-pause": MAX_PAUSE_OPTION,
    executable: EXECUTABLE_OPTION,
    sysroot: SYSROOT_OPTION,
  },
  examples: [
    { command: "deadweight diff before.dwsnap after.dwsnap", why: "what grew in between" },
    { command: "deadweight diff before.dwsnap 4711", why: "what grew since the snapshot" },
    { command: "deadweight diff deadweight-4711-*.dwsnap", why: "proof of growth, from seven snapshots on" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "nothing is proved to grow" },
    { code: EXIT.findings, when: "a holder keeps growing, or grew by a lot" },
    { code: EXIT.couldNot, when: "a snapshot cannot be read or compared" },
  ],
  async run(given, world) {
    const { sources } = given.arguments;
    const { limit, json } = given.options;
    const report = await withReading(given.options, world, (options) =>
      world.actions.diff(sources, options, { limit }),
    );
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, diffText, world);
    return keepsGrowing(report.value) ? EXIT.findings : EXIT.clean;
  },
});

function keepsGrowing(report: DiffReport): boolean {
  return report.holders.some((each) => each.verdict.strength === "strong");
}
