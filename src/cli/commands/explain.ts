// `deadweight explain [TOPIC]`

import { explainText } from "../../report/explain-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";

export const explain: Command = defineCommand({
  name: "explain",
  summary: "what a cause, a verdict or a rule means, and what to do about it",
  description: [
    "Prints what the cause is, what is wrongly believed about it, how to confirm it, how to fix it and what the fix costs. Every claim of a page is a piece of Python that the tests run on every version. Without a topic it lists all of them.",
  ],
  arguments: {
    topic: {
      placeholder: "TOPIC",
      takes: "selector",
      count: "optional",
      summary: "L1 to L18, fragmentation, filling, load, warm-up, native, or a rule such as DW101",
    },
  },
  options: {},
  examples: [
    { command: "deadweight explain", why: "list the causes" },
    { command: "deadweight explain L7", why: "reference cycles" },
    { command: "deadweight explain fragmentation", why: "why memory stays high, and what gives it back" },
    { command: "deadweight explain DW101", why: "what a finding of scan means" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the page is printed" },
    { code: EXIT.couldNot, when: "there is no such topic" },
  ],
  async run(given, world) {
    const report = await world.actions.explain(given.arguments.topic);
    if (!report.ok) return await printProblem(report.error, given.options.json, world);
    await printReport(report.value, given.options.json, explainText, world);
    return EXIT.clean;
  },
});
