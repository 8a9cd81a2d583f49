// `deadweight top FILE|PID`

import { topText } from "../../report/top-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { READING_OPTIONS, SOURCE_SUMMARY, withReading } from "../source-options.ts";

export const top: Command = defineCommand({
  name: "top",
  summary: "what holds the memory: by holder, type and module",
  description: [
    "Retained is what would be freed if the holder, all objects of the type, or the module went away. What several holders share counts for the one that reaches it first. A holder is a place with a name: a module's global, a closure's cell, a cache, a local of a running function.",
  ],
  arguments: {
    source: { placeholder: "SOURCE", takes: "source", count: "one", summary: SOURCE_SUMMARY },
  },
  options: {
    limit: { kind: "count", placeholder: "N", default: 15, summary: "rows per table" },
    ...READING_OPTIONS,
  },
  examples: [
    { command: "deadweight top 4711", why: "read process 4711 now" },
    { command: "deadweight top before.dwsnap --limit 40", why: "more rows, from a snapshot file" },
    {
      command: "deadweight top before.dwsnap --json | jq '.byHolder[0].holder.path'",
      why: "the biggest holder, for a script",
    },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "it was read" },
    { code: EXIT.couldNot, when: "it cannot be read" },
  ],
  async run(given, world) {
    const { source } = given.arguments;
    const heap = await withReading(given.options, world, (options) => world.actions.openHeap(source, options));
    if (!heap.ok) return await printProblem(heap.error, given.options.json, world);
    const report = heap.value.top({ limit: given.options.limit });
    await printReport(report, given.options.json, (each, style) => topText(each, style, source), world);
    return EXIT.clean;
  },
});
