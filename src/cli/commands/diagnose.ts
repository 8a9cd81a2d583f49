// `deadweight diagnose PID | --match REGEX | -- COMMAND...`

import { fail, ok, type Result } from "../../base/result.ts";
import type { Diagnosis } from "../../model/diagnosis.ts";
import { DIAGNOSIS_FORMATS, type DiagnosisFormat, diagnosisReport } from "../../report/diagnosis-formats.ts";
import type { DiagnoseTarget, Problem } from "../actions.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printProblem } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";
import { MAX_PAUSE_OPTION } from "../source-options.ts";
import { styleOf, type World } from "../world.ts";

export const diagnose: Command = defineCommand({
  name: "diagnose",
  summary: "is it a leak, whose, and since which line",
  description: [
    "Takes a snapshot, watches the sizes of all containers from outside while the program serves, takes more snapshots, and says what grows, who holds it, which line puts it there, and what it is not: warm-up, load, a cache that fills, fragmentation. Nothing is loaded into the process; it stands still only for the snapshots.",
    "The program should do its usual work meanwhile: what nobody uses does not grow. Longer watching proves smaller leaks.",
  ],
  arguments: {
    pid: { placeholder: "PID", takes: "pid", count: "optional", summary: "the process to diagnose" },
  },
  rest: { placeholder: "COMMAND...", summary: "start this program, diagnose it, and end it afterwards" },
  options: {
    match: {
      kind: "text",
      placeholder: "REGEX",
      summary: "the Python process whose command line matches; of several workers the busiest",
    },
    for: { kind: "seconds", placeholder: "TIME", default: 60, summary: "how long to watch, as 60, 90s, 5m, 1h" },
    rate: { kind: "count", placeholder: "N", default: 4, summary: "samples per second, at most 10" },
    snapshots: {
      kind: "count",
      placeholder: "N",
      default: null,
      summary: "how many snapshots, at least 2; without it 7 where they are quick, fewer in a large process",
    },
    load: {
      kind: "text",
      placeholder: "WHAT",
      summary:
        "what counts the work done: a command that prints a number, or URL#METRIC of a Prometheus page; without it CPU time",
    },
    compare: {
      kind: "file",
      placeholder: "BEFORE.json",
      summary: "what --json wrote before a fix: for each leak of then, whether it is gone",
    },
    keep: { kind: "file", placeholder: "FOLDER", summary: "keep the snapshots there" },
    recording: {
      kind: "file",
      placeholder: "FILE",
      summary: "diagnose what `watch --record` kept there instead; with PID that process of it",
    },
    format: {
      kind: "choice",
      placeholder: "FORMAT",
      choices: DIAGNOSIS_FORMATS,
      default: "text",
      summary:
        "how to print it; html is a page of its own, sarif for code scanning, junit for a build, markdown for a pull request",
    },
    html: { kind: "file", placeholder: "FILE", summary: "write the page there as well" },
    "max-pause": MAX_PAUSE_OPTION,
  },
  examples: [
    { command: "deadweight diagnose 4711", why: "watch process 4711 for a minute" },
    { command: "deadweight diagnose --match 'gunicorn.*shop' --for 10m", why: "the busiest worker, for ten minutes" },
    { command: "deadweight diagnose --for 30s -- python app.py", why: "start a program and diagnose it" },
    {
      command: "deadweight diagnose 4711 --load 'http://127.0.0.1:8000/metrics#http_requests_total'",
      why: "growth per request",
    },
    {
      command: "deadweight diagnose --recording shop.dwrec",
      why: "from what `watch --record` kept: for leaks that take days",
    },
    {
      command: "deadweight diagnose --for 5m --format sarif -- python load_test.py > leaks.sarif",
      why: "for code scanning: the line as location, the path as code flow",
    },
    { command: "deadweight diagnose 4711 --html diagnosis.html", why: "one page to send to a colleague as well" },
    { command: "deadweight diagnose 4711 --json > before.json", why: "for a script, or to compare after the fix" },
    { command: "deadweight diagnose 4712 --compare before.json", why: "is the leak gone" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "no leak is proved" },
    { code: EXIT.findings, when: "a leak is proved" },
    { code: EXIT.couldNot, when: "the process cannot be watched or read" },
  ],
  async run(given, world) {
    if (given.options.recording !== null) return await runOnRecording(given.options.recording, given, world);
    const { json, for: forSeconds, rate, snapshots, load, keep, compare } = given.options;
    const target = targetOf(given.arguments.pid, given.options.match, given.rest);
    if (!target.ok) return await printProblem(target.error, json, world);
    const report = await (async () => {
      using line = new ProgressLine(world);
      using interruption = world.askFirst();
      return await world.actions.diagnose({
        target: target.value,
        forSeconds,
        samplesPerSecond: Math.min(rate, MOST_PER_SECOND),
        snapshots,
        load,
        keepFolder: keep,
        compareFile: compare,
        maxPauseMs: given.options["max-pause"] * 1000,
        toolVersion: world.version,
        progress: line.show,
        signal: interruption.signal,
      });
    })();
    if (!report.ok) return await printProblem(report.error, json, world);
    return await printDiagnosis(report.value, given.options, world);
  },
});

/** For leaks too slow for one sitting. */
async function runOnRecording(
  file: string,
  given: {
    readonly arguments: { readonly pid: string | null };
    readonly options: {
      readonly json: boolean;
      readonly match: string | null;
      readonly format: DiagnosisFormat;
      readonly html: string | null;
    };
    readonly rest: readonly string[];
  },
  world: World,
): Promise<ExitCode> {
  const { json, match } = given.options;
  if (match !== null || given.rest.length > 0) {
    const message = "a recording has its processes already: give --recording FILE, and a PID if it has several";
    return await printProblem({ code: "usage", message }, json, world);
  }
  const pid = given.arguments.pid === null ? null : Number(given.arguments.pid);
  const report = await (async () => {
    using line = new ProgressLine(world);
    return await world.actions.diagnoseRecording({ file, pid, toolVersion: world.version, progress: line.show });
  })();
  if (!report.ok) return await printProblem(report.error, json, world);
  return await printDiagnosis(report.value, given.options, world);
}

async function printDiagnosis(
  report: Diagnosis,
  { json, format, html }: { readonly json: boolean; readonly format: DiagnosisFormat; readonly html: string | null },
  world: World,
): Promise<ExitCode> {
  const style = styleOf(world.out, world.environment);
  await world.out.write(diagnosisReport(report, json ? "json" : format, style, world.version));
  if (html !== null) {
    const written = await world.actions.writeReport(html, diagnosisReport(report, "html", style, world.version));
    if (!written.ok) return await printProblem(written.error, false, world);
  }
  return isProved(report) ? EXIT.findings : EXIT.clean;
}

const MOST_PER_SECOND = 10;

function targetOf(pid: string | null, match: string | null, words: readonly string[]): Result<DiagnoseTarget, Problem> {
  const asked = [pid !== null, match !== null, words.length > 0].filter(Boolean).length;
  if (asked !== 1)
    return fail({
      code: "usage",
      message:
        asked === 0
          ? "which process? Give a PID, --match REGEX, or a program to start after --"
          : "give one of PID, --match and a program after --, not several",
    });
  if (pid !== null) return ok({ kind: "pid", pid: Number(pid) });
  if (match === null) return ok({ kind: "command", words });
  try {
    return ok({ kind: "match", pattern: new RegExp(match) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail({ code: "usage", message: `--match is no regular expression: ${why}` });
  }
}

function isProved(report: Diagnosis): boolean {
  return report.leaks.some(({ confidence }) => confidence === "proved");
}
