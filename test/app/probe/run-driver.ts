// `deadweight run` in a process of its own, with signal listeners as the tool has them.

import { runProgram } from "../../../src/app/probe/run-program.ts";

process.on("SIGTERM", () => process.exit(143));
const report = await runProgram({
  words: process.argv.slice(2),
  everySeconds: 1,
  say: () => undefined,
});
const ending = report.ok ? { exitCode: report.value.exitCode } : report.error;
process.stdout.write(`ended ${JSON.stringify(ending)}\n`);
