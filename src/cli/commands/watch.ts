// `deadweight watch PID | --match REGEX | --replay FILE`

import { dirname, join } from "node:path";
import { parseByteAmount } from "../../base/parse-bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { parseTriggers, type SnapshotTrigger } from "../../model/snapshot-trigger.ts";
import type { Problem, ReplayAsked, WatchAsked, WatchSession, WatchTarget } from "../actions.ts";
import { type Command, defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem } from "../print-report.ts";
import { ProgressLine } from "../progress-line.ts";
import { MAX_PAUSE_OPTION } from "../source-options.ts";
import { showJson } from "../watch/show-json.ts";
import { showLines } from "../watch/show-lines.ts";
import { showTerminal } from "../watch/show-terminal.ts";
import type { World } from "../world.ts";

export const watch: Command = defineCommand({
  name: "watch",
  summary: "what grows in a running process, live, recorded and as metrics",
  description: [
    "Takes one snapshot, then reads the sizes of all containers and the signals of the process from outside, several times a second, without stopping it. On a terminal it is a screen: press ? for its keys. Elsewhere it prints a line when something is worth one.",
    "Workers of one parent that run the same program are watched together, and may come and go. Snapshots at thresholds keep the evidence from before the OOM killer comes.",
  ],
  arguments: {
    pid: { placeholder: "PID", takes: "pid", count: "optional", summary: "the process, and the workers beside it" },
  },
  options: {
    match: { kind: "text", placeholder: "REGEX", summary: "all Python processes whose command line matches" },
    alone: { kind: "flag", summary: "only this process, not the workers beside it" },
    for: {
      kind: "seconds",
      placeholder: "TIME",
      default: null,
      summary: "end after this time; without it go on until told to stop",
    },
    rate: { kind: "count", placeholder: "N", default: 2, summary: "samples per second, at most 10" },
    every: { kind: "seconds", placeholder: "TIME", default: 5, summary: "time between lines or documents" },
    load: {
      kind: "text",
      placeholder: "WHAT",
      summary: "what counts the work done, as for `diagnose`; without it CPU time",
    },
    "snapshot-at": {
      kind: "list",
      placeholder: "WHEN",
      summary: "take snapshots then: 80% of the group's limit, 2GiB resident, pressure[:PERCENT], growth (proved)",
    },
    folder: {
      kind: "file",
      placeholder: "FOLDER",
      summary: "where snapshots are kept (default: deadweight-snapshots, beside the recording)",
    },
    "most-snapshots": { kind: "count", placeholder: "N", default: 20, summary: "snapshots kept there at most" },
    "most-bytes": { kind: "text", placeholder: "SIZE", summary: "bytes kept there at most (default: 2GiB)" },
    record: {
      kind: "file",
      placeholder: "FILE",
      summary: "keep a history there, for --replay and `diagnose --recording`",
    },
    keep: {
      kind: "seconds",
      placeholder: "TIME",
      default: null,
      summary: "how far the history goes back (default: 14d)",
    },
    replay: { kind: "file", placeholder: "FILE", summary: "show a recording again instead of a process" },
    speed: { kind: "count", placeholder: "N", default: 60, summary: "seconds of a recording shown in one second" },
    metrics: { kind: "text", placeholder: "ADDRESS", summary: "serve OpenMetrics there: 127.0.0.1:9464" },
    otlp: { kind: "text", placeholder: "URL", summary: "push metrics to an OpenTelemetry collector: http://host:4318" },
    "max-pause": MAX_PAUSE_OPTION,
  },
  examples: [
    { command: "deadweight watch 4711", why: "the screen; press ? for its keys" },
    { command: "deadweight watch --match 'gunicorn.*shop'", why: "all workers in one view" },
    {
      command: "deadweight watch 4711 --record shop.dwrec --snapshot-at 80%,growth",
      why: "for days; then: deadweight diagnose --recording shop.dwrec",
    },
    { command: "deadweight watch --replay shop.dwrec", why: "look at it again" },
    { command: "deadweight watch 4711 --metrics 127.0.0.1:9464", why: "for Prometheus" },
    { command: "deadweight watch 4711 --json | jq '.sums[0]'", why: "one document per line" },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "it was watched until told to stop, or until the process ended" },
    { code: EXIT.couldNot, when: "there is nothing that can be watched, or the command line is wrong" },
  ],
  async run(given, world) {
    const { json, replay } = given.options;
    const asked = replay === null ? askedOf(given.arguments.pid, given.options, world) : ok(null);
    if (!asked.ok) return await printProblem({ code: "usage", message: asked.error }, json, world);
    const isScreen = !json && world.terminal !== null && world.environment["TERM"] !== "dumb";
    const opened =
      asked.value === null || replay !== null
        ? await world.actions.replay(replayOf(replay ?? "", given.options, isScreen))
        : await openLive({ ...asked.value, reportEveryMs: isScreen ? SCREEN_MS : asked.value.reportEveryMs }, world);
    if (!opened.ok) return await printProblem(opened.error, json, world);
    await using session = opened.value;
    if (json) await showJson(session, world);
    else if (isScreen && world.terminal !== null)
      await showTerminal(session, { terminal: world.terminal, world, maxPauseMs: given.options["max-pause"] * 1000 });
    else await showLines(session, world);
    return EXIT.clean;
  },
});

/** A report is made so often for the screen; keys draw it at once. */
const SCREEN_MS = 2000;
const MOST_PER_SECOND = 10;
const DEFAULT_MOST_BYTES = 2 * 2 ** 30;
const DEFAULT_KEEP_SECONDS = 14 * 86_400;

/** The first snapshot may take a while. */
async function openLive(asked: WatchAsked, world: World): Promise<Result<WatchSession, Problem>> {
  using line = new ProgressLine(world);
  line.show({ phase: "taking the first snapshot", done: 0, total: null, unit: "steps" });
  return await world.actions.watch(asked);
}

function replayOf(
  file: string,
  { speed, every }: { readonly speed: number; readonly every: number },
  isWatched: boolean,
): ReplayAsked {
  return { file, speed, isWatched, reportEveryMs: isWatched ? SCREEN_MS : every * 1000 };
}

/** The options of the command, as far as a live watch needs them. */
interface LiveOptions {
  readonly match: string | null;
  readonly alone: boolean;
  readonly for: number | null;
  readonly rate: number;
  readonly every: number;
  readonly load: string | null;
  readonly "snapshot-at": readonly string[] | null;
  readonly folder: string | null;
  readonly "most-snapshots": number;
  readonly "most-bytes": string | null;
  readonly record: string | null;
  readonly keep: number | null;
  readonly metrics: string | null;
  readonly otlp: string | null;
  readonly "max-pause": number;
}

function askedOf(pid: string | null, options: LiveOptions, world: World): Result<WatchAsked, string> {
  const target = targetOf(pid, options);
  if (!target.ok) return target;
  const mostBytes = options["most-bytes"] === null ? DEFAULT_MOST_BYTES : parseByteAmount(options["most-bytes"]);
  if (mostBytes === null) return fail(`--most-bytes needs a size, as 512MiB or 2GiB, not '${options["most-bytes"]}'`);
  const snapshotAt = triggersOf(options);
  if (!snapshotAt.ok) return snapshotAt;
  const { record, folder } = options;
  const beside = record === null ? "deadweight-snapshots" : join(dirname(record), "deadweight-snapshots");
  return ok({
    target: target.value,
    samplesPerSecond: Math.min(options.rate, MOST_PER_SECOND),
    reportEveryMs: options.every * 1000,
    forSeconds: options.for,
    load: options.load,
    maxPauseMs: options["max-pause"] * 1000,
    shelf: { folder: folder ?? beside, mostFiles: options["most-snapshots"], mostBytes },
    snapshotAt: snapshotAt.value,
    record: record === null ? null : { file: record, keepSeconds: options.keep ?? DEFAULT_KEEP_SECONDS },
    metrics: options.metrics,
    otlp: options.otlp,
    toolVersion: world.version,
  });
}

function targetOf(
  pid: string | null,
  { match, alone }: Pick<LiveOptions, "match" | "alone">,
): Result<WatchTarget, string> {
  if ((pid === null) === (match === null))
    return fail(
      pid === null ? "which process? Give a PID, --match REGEX, or --replay FILE" : "give a PID or --match, not both",
    );
  if (pid !== null) return ok({ kind: "pid", pid: Number(pid), alone });
  try {
    return ok({ kind: "match", pattern: new RegExp(match ?? "") });
  } catch (error) {
    return fail(`--match is no regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A recording is worth little without the heap at the moment when growth is proved. */
function triggersOf(options: LiveOptions): Result<readonly SnapshotTrigger[], string> {
  const words = options["snapshot-at"] ?? (options.record === null ? [] : ["growth"]);
  const parsed = parseTriggers(words);
  return parsed.ok ? parsed : fail(`--snapshot-at: ${parsed.error}`);
}
