// Errors that no command could catch: thrown in a callback, or rejected with nobody waiting. They are our bugs like any other.

import { writeSync } from "node:fs";
import { printable } from "../base/format-printable.ts";
import type { ErrorReport } from "../model/error-report.ts";
import { renderJson } from "../report/json.ts";
import { type BugContext, bugReport } from "./bug-report.ts";
import { EXIT } from "./exit-codes.ts";

/** From here on such an error ends the program in words and with code 70; "exit" listeners still clean up. */
export function exitOnBugs(context: BugContext): void {
  const report = (thrown: unknown): void => {
    const message = bugReport(thrown, context);
    const lines = `deadweight: ${message}`.split("\n").map(printable);
    const document: ErrorReport = { schema: "deadweight/error@1", error: { code: "internal-error", message } };
    try {
      // Nothing asynchronous works any more.
      writeSync(process.stderr.fd, `${lines.join("\n")}\n`);
      if (context.argv.includes("--json")) writeSync(process.stdout.fd, renderJson(document));
    } finally {
      // Where stderr is closed too, the code must say it.
      process.exit(EXIT.ourBug);
    }
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}
