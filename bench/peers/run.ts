// Deadweight and the tools people use today, side by side on the same program. Method: bench/method.md, "Peers".
//
//   npx tsx bench/peers/run.ts [--objects 1000000] [--rounds 3] [--json FILE] [--python PROGRAM] [--pyheap PATH] [--only KEY]...
//
// The tools of others go into an environment in the temporary folder, which is kept; everything else is removed at the
// end, also after Ctrl-C. A tool that is not there, fails or takes too long is left out by name, with the reason.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Contestant, contestants, REQUIREMENTS } from "./contestants.ts";
import { answerOf, buildDeadweight, installTools, type PythonTools } from "./environment.ts";
import { LIMIT_SECONDS, measure, type Place } from "./measure.ts";
import type { Measurement } from "./measurement.ts";
import { markdown, type Report, type Row } from "./report.ts";
import { truthOf } from "./target.ts";

/** Enough to see whether a tool works here; also brings it into the page cache. */
const TRIAL_OBJECTS = 50_000;
/** Load average above which wall times and pauses say more about the machine than about the tools. */
const QUIET_LOAD = 0.5;
/** How the interpreter was built decides how fast everything inside it runs. */
const BUILD_INFO = `
import sys, sysconfig
flags = sysconfig.get_config_var("CONFIG_ARGS") or ""
kinds = {"shared": "enable-shared", "PGO": "enable-optimizations", "LTO": "with-lto"}
print(sys.version.split()[0], "(" + ", ".join(("" if kinds[k] in flags else "not ") + k for k in kinds) + ")")
`;

/** A row that grows. */
interface Entry {
  readonly contestant: Contestant;
  readonly measurements: Measurement[];
  skipped: string | null;
}

const { values: options } = parseArgs({
  options: {
    objects: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
    json: { type: "string" },
    python: { type: "string", default: "python3" },
    pyheap: { type: "string" },
    only: { type: "string", multiple: true },
  },
});
const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interruption.abort());
const folder = mkdtempSync(join(tmpdir(), "deadweight-peers-run-"));
try {
  const report = await compare(Number(options.objects), Number(options.rounds), interruption.signal);
  console.log(markdown(report));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  console.error("interrupted; nothing is left running");
  process.exitCode = 130;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(objects: number, rounds: number, signal: AbortSignal): Promise<Report> {
  const loadAtStart = loadavg()[0] ?? Number.NaN;
  say("building, and looking for the tools");
  const tools = await installTools(options.python, REQUIREMENTS, signal);
  const entries = await entrants(tools, signal);
  const place = placeFor(tools.python, objects, signal);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_SECONDS * 1000)]);
  const truth = await truthOf(place.python, objects, limit);
  for (const entry of entries) await attempt(entry, { ...place, objects: TRIAL_OBJECTS }, "trial", () => {});
  // Every other round runs backwards, so that a drift of the machine does not fall on the same tools each time.
  for (let round = 1; round <= rounds; round++)
    for (const entry of round % 2 === 1 ? entries : entries.toReversed())
      await attempt(entry, place, `round ${round} of ${rounds}`, (found) => entry.measurements.push(found));
  const machine = await machineFacts(tools.python, rounds, loadAtStart, signal);
  return { machine, preliminary: preliminary(loadAtStart, rounds), truth, rows: entries satisfies readonly Row[] };
}

async function entrants(tools: PythonTools, signal: AbortSignal): Promise<readonly Entry[]> {
  const build = join(folder, "build");
  mkdirSync(build);
  const deadweight = await buildDeadweight(tools.python, build, signal);
  const hasGdb = await answerOf("gdb", ["--version"], signal).then(
    () => true,
    () => false,
  );
  const all = contestants({ python: tools.python, deadweight, pyheap: options.pyheap, hasGdb });
  return all
    .filter(({ key }) => options.only?.includes(key) ?? true)
    .map((contestant) => ({ contestant, measurements: [], skipped: obstacleOf(contestant, tools) }));
}

function obstacleOf(contestant: Contestant, tools: PythonTools): string | null {
  if (contestant.kind === "control") return null;
  const obstacle = contestant.kind === "outside" ? contestant.obstacle : null;
  return obstacle ?? tools.missing.get(contestant.requirement ?? "") ?? null;
}

function placeFor(python: string, objects: number, interrupted: AbortSignal): Place {
  const output = join(folder, "output");
  mkdirSync(output);
  return { python, objects, folder: output, interrupted };
}

/** A tool that failed once is not tried again. */
async function attempt(entry: Entry, place: Place, when: string, keep: (found: Measurement) => void): Promise<void> {
  if (entry.skipped !== null) return;
  say(`${when}: ${entry.contestant.name}`);
  try {
    keep(await measure(entry.contestant, place));
  } catch (error) {
    place.interrupted.throwIfAborted();
    entry.skipped = `${when}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function machineFacts(
  python: string,
  rounds: number,
  loadAtStart: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const gdb = await answerOf("gdb", ["--version"], signal).catch(() => "no gdb");
  const load = `${loadAtStart.toFixed(1)} at the start, ${loadavg()[0]?.toFixed(1) ?? "?"} at the end`;
  return [
    `machine: ${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, load ${load}`,
    `Node ${process.version}, Python ${await answerOf(python, ["-c", BUILD_INFO], signal)}, ${gdb.split("\n")[0] ?? ""}`,
    `${new Date().toISOString().slice(0, 10)}, ${rounds} rounds, a fresh target each time; median (lowest..highest)`,
  ];
}

function preliminary(load: number, rounds: number): string | null {
  if (load > QUIET_LOAD)
    return `the machine was busy (load ${load.toFixed(1)} at the start); compare CPU seconds, not wall times.`;
  return rounds < 3 ? "fewer than three rounds." : null;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
