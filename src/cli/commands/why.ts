// `deadweight why FILE|PID SELECTOR`

import { whyText } from "../../report/why-text.ts";
import type { Asked } from "../actions.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import {
  EXECUTABLE_OPTION,
  MAX_PAUSE_OPTION,
  SOURCE_SUMMARY,
  SYSROOT_OPTION,
  VALUES_OPTION,
  withReading,
} from "../source-options.ts";

export const why: Command = defineCommand({
  name: "why",
  summary: "what keeps an object, a type or a holder alive",
  description: [
    "SELECTOR is an address (0x7f12a4c8e350), a type (Session or app.sessions.Session), or a path as the other commands print it (app.sessions.REGISTRY, or sys.modules['app'].cache['k17'].user). --largest N takes the N largest objects instead.",
  ],
  arguments: {
    source: { placeholder: "SOURCE", takes: "source", count: "one", summary: SOURCE_SUMMARY },
    selector: {
      placeholder: "SELECTOR",
      takes: "selector",
      count: "optional",
      summary: "address, type, or path; or use --largest",
    },
  },
  options: {
    largest: { kind: "count", placeholder: "N", default: null, summary: "the N objects that keep most alive" },
    limit: { kind: "count", placeholder: "N", default: 5, summary: "objects and path patterns to show" },
    paths: { kind: "count", placeholder: "N", default: 3, summary: "retaining paths per object" },
    values: VALUES_OPTION,
    "max-pause": MAX_PAUSE_OPTION,
    executable: EXECUTABLE_OPTION,
    sysroot: SYSROOT_OPTION,
  },
  examples: [
    { command: "deadweight why 4711 app.sessions.REGISTRY", why: "who holds the registry, and what is in it" },
    { command: "deadweight why before.dwsnap Session", why: "where all Session objects are kept" },
    {
      command: "deadweight why before.dwsnap \"sys.modules['app'].cache['k17'].user\"",
      why: "one object, by its path",
    },
    { command: "deadweight why before.dwsnap --largest 3", why: "the three objects that keep most alive" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the selector picked something" },
    { code: EXIT.couldNot, when: "it cannot be read, or the selector picks nothing" },
  ],
  async run(given, world) {
    const { source, selector } = given.arguments;
    const { limit, paths, largest, json } = given.options;
    const asked = askedFor(selector, largest);
    if (asked === null) {
      return await printProblem(
        {
          code: "usage",
          message: "'why' needs either a SELECTOR or --largest N; 'deadweight why --help' shows examples",
        },
        json,
        world,
      );
    }
    const heap = await withReading(given.options, world, (options) => world.actions.openHeap(source, options));
    if (!heap.ok) return await printProblem(heap.error, json, world);
    const report = heap.value.why(asked, { limit, paths });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, whyText, world);
    return EXIT.clean;
  },
});

/** Null unless exactly one of the two was given. */
function askedFor(selector: string | null, largest: number | null): Asked | null {
  if (selector !== null && largest === null) return { kind: "text", text: selector };
  return selector === null && largest !== null ? { kind: "largest", count: largest } : null;
}
