// A report goes to stdout, as text for people or as JSON for programs; a problem goes to stderr.

import { printable } from "../base/format-printable.ts";
import { wrapWords } from "../base/format-width.ts";
import type { ErrorReport } from "../model/error-report.ts";
import { type JsonDocument, renderJson } from "../report/json.ts";
import type { TextStyle } from "../report/text-style.ts";
import type { Problem } from "./actions.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { styleOf, type World } from "./world.ts";

export async function printReport<Report extends JsonDocument>(
  report: Report,
  json: boolean,
  text: (report: Report, style: TextStyle) => string,
  world: World,
): Promise<void> {
  await world.out.write(json ? renderJson(report) : text(report, styleOf(world.out, world.environment)));
}

/**
 * Says why it could not be done: to people on stderr, always. With `--json` stdout has a document too, so that a program
 * which reads one never finds nothing.
 */
export async function printProblem({ code, message }: Problem, json: boolean, world: World): Promise<ExitCode> {
  await printMessage(message, world);
  const report: ErrorReport = { schema: "deadweight/error@1", error: { code, message } };
  if (json) await world.out.write(renderJson(report));
  return EXIT.couldNot;
}

/** Lines of a message are wrapped; indented ones are command lines to copy and stay whole. */
export async function printMessage(message: string, world: World): Promise<void> {
  const { width } = styleOf(world.err, world.environment);
  const lines = `deadweight: ${message}`.split("\n").map(printable);
  const wrapped = lines.flatMap((line) =>
    line.startsWith("  ") || !world.err.isTerminal ? [line] : wrapWords(line, width),
  );
  await world.err.write(`${wrapped.join("\n")}\n`);
}
