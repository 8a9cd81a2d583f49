// The program's edge: the process, its streams and signals. Everything else is in run-cli.ts and testable.

import { existsSync, readFileSync } from "node:fs";
import { COMMANDS } from "./command-table.ts";
import { exitOnBugs } from "./exit-on-bugs.ts";
import { exitOnSignals, Interruptions } from "./interruptions.ts";
import { lazyActions } from "./lazy-actions.ts";
import { runCli } from "./run-cli.ts";
import { streamSink } from "./stream-sink.ts";
import { openTerminal } from "./terminal/terminal-device.ts";

const interruptions = new Interruptions();
exitOnSignals(interruptions);

const argv = process.argv.slice(2);
const version = ownVersion();
exitOnBugs({ argv, version, environment: process.env });

const code = await runCli(argv, COMMANDS, {
  out: streamSink(process.stdout),
  err: streamSink(process.stderr),
  terminal: openTerminal(process.stdin, process.stdout),
  environment: process.env,
  version,
  nowMs: Date.now,
  fileExists: existsSync,
  whenInterrupted: interruptions.register,
  askFirst: interruptions.askFirst,
  actions: lazyActions(async () => (await import("./real-actions.ts")).realActions),
});
process.exit(code);

/** The same file for src/cli/main.ts and dist/cli/main.js. */
function ownVersion(): string {
  const facts: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return typeof facts === "object" && facts !== null && "version" in facts ? String(facts.version) : "unknown";
}
