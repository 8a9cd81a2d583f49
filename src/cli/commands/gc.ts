// `deadweight gc PID`

import { collectorText } from "../../report/collector-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";

export const gc: Command = defineCommand({
  name: "gc",
  summary: "collections of a program as they happen, and what they cost",
  description: [
    "Listens to the garbage collector of a process that was started with `deadweight run`, and of its workers: how often it ran, how long the program stood still, what was freed, what could not be. Listening costs about a microsecond per collection, and nothing afterwards.",
    "For preloaded workers it measures how much memory collections made them copy that they shared with their parent, and says when gc.freeze() would keep it shared.",
  ],
  arguments: {
    pid: { placeholder: "PID", takes: "pid", count: "one", summary: "the process; what descends from it is included" },
  },
  options: {
    for: { kind: "seconds", placeholder: "TIME", default: 30, summary: "how long to listen" },
    collect: {
      kind: "flag",
      summary: "ask each process for one full collection, to see at once what it un-shares; runs finalizers",
    },
  },
  examples: [
    { command: "deadweight gc 4711", why: "half a minute" },
    { command: "deadweight gc 4711 --for 5m --json > gc.json", why: "longer, for a script" },
    { command: "deadweight gc 4711 --for 2s --collect", why: "what a full collection costs preloaded workers" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the report is printed" },
    { code: EXIT.couldNot, when: "the process was not started with the probe, or is gone" },
  ],
  async run(given, world) {
    const { json, collect, for: forSeconds } = given.options;
    using interruption = world.askFirst();
    const report = await world.actions.watchCollections({
      pid: Number(given.arguments.pid),
      forSeconds,
      force: collect,
      signal: interruption.signal,
    });
    if (!report.ok) return await printProblem(report.error, json, world);
    await printReport(report.value, json, collectorText, world);
    return EXIT.clean;
  },
});
