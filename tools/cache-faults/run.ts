// Breaks what can break on one host, and between hosts, while caches are cleared, and counts answers that were loaded before an acknowledged clear and
// handed out after it. Prints one table. See docs/cache-guarantees.md.

import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { describeInterpreter, findInterpreters } from "../../test/support/interpreters.ts";
import { packageVenv } from "../../test/support/package-venv.ts";
import { findServerPrograms } from "../../test/redis/server-programs.ts";
import { FAULT_CASES, PACKAGES } from "./cases.ts";
import { type CaseResult, type FaultCase, isGoverned, type Place } from "./drive.ts";
import type { Mode } from "./fleet.ts";
import { tierCases } from "./tier-cases.ts";

const HELP = `npx tsx tools/cache-faults/run.ts [WORD...]   (after npm run build)

Cases whose name has one of the WORDs; all of them if none is given. Needs root for a disk of its own, a time namespace and
hosts of their own; says what it left out. Those between hosts begin with redis: or valkey:.

  --seconds N     how long each case clears (10)
  --workers N     processes that ask (6)
  --threads N     threads of each (4)
  --python X.Y    the interpreter (3.11)
  --list          names of the cases

Method. Workers ask two caches, one behind the other, for 16 keys without pause; a load takes 0 to 8 ms and returns the version of the truth
that it read at its start. The harness changes the truth, clears at once, and when the clear is acknowledged by everybody raises the version
below which no answer may be. A worker reads that version before each call and compares afterwards. Loads under way are counted at
the moment the truth changes. Peers are cleared in each worker by a thread that listens on a socket and acknowledges. Ends with 1 when
anything of ours is violated, and when the peers are not: then the harness is blind.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "10" },
    workers: { type: "string", default: "6" },
    threads: { type: "string", default: "4" },
    python: { type: "string", default: "3.11" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** Those of one host, then those between hosts, on Redis and on Valkey. */
const ALL_CASES: readonly FaultCase[] = [...FAULT_CASES, ...findServerPrograms().flatMap(tierCases)];

interface Row {
  readonly fault: FaultCase;
  readonly result: CaseResult;
}

async function runAll(place: Place): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const fault of chosenCases()) {
    const reason = fault.impossible?.() ?? null;
    if (reason !== null) console.log(`left out: ${fault.name}: ${reason}`);
    else for (const mode of fault.modes) rows.push(await runOne(fault, place, mode));
  }
  return rows;
}

async function runOne(fault: FaultCase, place: Place, mode: Mode): Promise<Row> {
  const row = { fault, result: await fault.run(place, mode) };
  console.log(lineOf(row));
  for (const [what, times] of countedOf(row.result.broken)) console.log(`    ${times} times: ${what}`);
  return row;
}

function countedOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function chosenCases(): readonly FaultCase[] {
  return ALL_CASES.filter(({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
}

const WIDTHS = [72, 22, 10, 8, 6, 6, 8, 8, 10] as const;

function cells(texts: readonly string[]): string {
  return `| ${texts.map((text, at) => (at < 2 ? text.padEnd(WIDTHS[at] ?? 0) : text.padStart(WIDTHS[at] ?? 0))).join(" | ")} |`;
}

function lineOf({ fault, result }: Row): string {
  const { acknowledged, partial, refused } = result.answers;
  const counts = [result.calls, result.loads, Math.round(result.underWay), acknowledged, partial, refused];
  const cache = fault.isFenced === true ? `${result.mode}, deadweight` : result.mode;
  return cells([fault.name, cache, ...counts.map(String), `${result.violations}`]);
}

/** Sentences; none when all is as it should be. */
function verdictOf(rows: readonly Row[]): readonly string[] {
  const said: string[] = [];
  for (const { fault, result } of rows) {
    const governed = isGoverned(fault, result.mode);
    if (governed && result.violations > 0) said.push(`${fault.name}: ${result.violations} violations`);
    if (result.broken.length > 0) said.push(`${fault.name}: not as promised, see above`);
    if (!governed && fault.name.endsWith(FAULT_CASES[0]?.name ?? "") && result.violations === 0)
      said.push(`${result.mode} violates nothing: the harness is blind`);
  }
  return said;
}

async function main(): Promise<number> {
  if (values.help) console.log(HELP);
  if (values.list) console.log(ALL_CASES.map(({ name }) => name).join("\n"));
  if (values.help || values.list) return 0;
  const python = findInterpreters().find(({ version }) => version.startsWith(values.python));
  if (python === undefined) throw new Error(`no Python ${values.python} here`);
  const venv = packageVenv(python, PACKAGES);
  if ("reason" in venv) throw new Error(venv.reason);
  const size = { workers: Number(values.workers), threads: Number(values.threads) };
  const load = loadavg()[0]?.toFixed(1) ?? "";
  console.log(`${describeInterpreter(python)}, ${size.workers} workers of ${size.threads} threads, load ${load}\n`);
  console.log(cells(["What happens", "Cache", "calls", "loads", "way", "clears", "partial", "refused", "violations"]));
  console.log(
    `|${WIDTHS.map((width, at) => (at < 2 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`,
  );
  const rows = await runAll({ python: venv.program, size, seconds: Number(values.seconds) });
  const calls = rows
    .filter(({ fault, result }) => isGoverned(fault, result.mode))
    .reduce((sum, { result }) => sum + result.calls, 0);
  const verdict = verdictOf(rows);
  console.log(`\nGoverned: ${calls} calls. ${verdict.length === 0 ? "No violation." : verdict.join("; ")}`);
  return verdict.length === 0 ? 0 : 1;
}

process.exitCode = await main();
