// Breaks what can break on one host, and between hosts, while caches are cleared, and counts answers that were loaded before an acknowledged clear and
// handed out after it. Prints one table. See docs/cache-guarantees.md.

import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { describeInterpreter, findInterpreters } from "../../test/support/interpreters.ts";
import { packageVenv } from "../../test/support/package-venv.ts";
import { findServerPrograms, SERVER_KINDS } from "../../test/redis/server-programs.ts";
import { FAULT_CASES, PACKAGES } from "./cases.ts";
import { type FaultCase, isGoverned, type Place, type RowResult, runRow } from "./drive.ts";
import type { Mode } from "./fleet.ts";
import { type Enough, isGood } from "./judge-row.ts";
import { tierCases } from "./tier-cases.ts";

const HELP = `npx tsx tools/cache-faults/run.ts [WORD...]   (after npm run build)

Cases whose name has one of the WORDs; all of them if none is given. Needs root for a disk of its own, a time namespace and
hosts of their own; says what it left out. Those of one host begin with local:, those between hosts with redis: or valkey:.

  --seconds N     how long each row of ours clears at least (20)
  --times N       how often each fault of a row comes at least, how many values are late, how many old answers a peer gives (3)
  --clears N      acknowledged clears of a row, at least (10)
  --calls N       calls of a row, at least (10000)
  --limit N       seconds after which a row that still lacks something fails (240)
  --workers N     processes that ask (6)
  --threads N     threads of each (4)
  --python X.Y    the interpreter (3.11)
  --list          names of the cases

Method. Workers ask two caches, one behind the other, for 16 keys without pause; a load takes 0 to 8 ms (0 to 40 through a server, where one
loads for all) and returns the version of the truth that it read at its start. The harness changes the truth, clears at once, and when the clear is
acknowledged by everybody raises the version below which no answer may be. A worker reads that version before each call and compares afterwards.
Late are loads that read the truth before it changed and ended after it: each would be an old answer if nothing prevented it. Peers are cleared in
each worker by a thread that listens on a socket and acknowledges.

A fault counts when it is seen to have come: a worker in the state "stopped", keys that were there and are gone, bytes that were lost. A row goes
on until everything that is asked of it has happened. It holds (ours, nothing violated), is caught (a peer that gave old answers), or has failed:
VIOLATED, BROKEN (something else was not as promised, or a call raised an error), BLIND (a peer gave no old answer: the row sees nothing), TOO LITTLE (at the limit a
fault, clears, calls or late loads are wanting). Ends with 1 if a row failed or none was run.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "20" },
    times: { type: "string", default: "3" },
    clears: { type: "string", default: "10" },
    calls: { type: "string", default: "10000" },
    limit: { type: "string", default: "240" },
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
  readonly result: RowResult;
}

interface Run {
  readonly rows: readonly Row[];
  readonly leftOut: number;
}

async function runAll(place: Place): Promise<Run> {
  const rows: Row[] = [];
  let leftOut = 0;
  for (const fault of chosenCases()) {
    const reason = fault.impossible?.() ?? null;
    if (reason !== null) console.log(`left out: ${fault.name}: ${reason}`);
    if (reason !== null) leftOut++;
    else for (const mode of fault.modes) rows.push(await runOne(fault, place, mode));
  }
  return { rows, leftOut };
}

async function runOne(fault: FaultCase, place: Place, mode: Mode): Promise<Row> {
  const row = { fault, result: await runRow(fault, place, mode) };
  console.log(lineOf(row));
  for (const sentence of row.result.because) console.log(`    ${sentence}`);
  return row;
}

function chosenCases(): readonly FaultCase[] {
  return ALL_CASES.filter(
    (fault) => positionals.length === 0 || positionals.some((word) => titleOf(fault).includes(word)),
  );
}

function titleOf({ name }: FaultCase): string {
  return SERVER_KINDS.some((kind) => name.startsWith(`${kind}: `)) ? name : `local: ${name}`;
}

const HEAD = ["what happens", "cache", "seconds", "calls", "loads", "late", "clears", "partial", "refused"] as const;
const LAST = ["faults that came", "violations", "verdict"] as const;
/** Of columns that are numbers. */
const RIGHT: readonly string[] = [...HEAD.slice(2), "violations"];

const cells = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;

function lineOf({ fault, result }: Row): string {
  const { acknowledged, partial, refused } = result.answers;
  const counts = [result.seconds, result.calls, result.loads, result.late, acknowledged, partial, refused];
  const cache = fault.isFenced === true ? `${result.mode}, deadweight` : result.mode;
  const faults = Object.entries(result.came).map(([name, times]) => `${times} ${name}`);
  const said = [faults.join(", ") || "-", `${result.violations}`, result.verdict];
  return cells([fault.name, cache, ...counts.map((each) => String(Math.round(each))), ...said]);
}

/** What the run says, and whether it is good. */
function verdictOf({ rows, leftOut }: Run): { readonly text: string; readonly isGood: boolean } {
  const failed = rows.filter(({ result }) => !isGood(result));
  const ours = rows.filter(({ fault, result }) => isGoverned(fault, result.mode)).map(({ result }) => result);
  const sum = (of: (result: RowResult) => number): number => ours.reduce((total, each) => total + of(each), 0);
  const asked = `${sum(({ calls }) => calls)} calls, ${sum(({ answers }) => answers.acknowledged)} acknowledged clears, ${sum(({ late }) => late)} late loads`;
  const found = `${sum(({ violations }) => violations)} violations`;
  const names = failed.map(({ fault, result }) => `${fault.name} (${result.mode}): ${result.verdict}`);
  const left = leftOut === 0 ? "" : ` ${leftOut} cases were left out, see above.`;
  if (rows.length === 0) return { text: `No row was run.${left}`, isGood: false };
  const end =
    names.length === 0 ? "Every row showed what it must." : `${names.length} rows failed: ${names.join("; ")}.`;
  return { text: `Ours, in ${ours.length} rows: ${asked}, ${found}. ${end}${left}`, isGood: names.length === 0 };
}

async function main(): Promise<number> {
  if (values.help) console.log(HELP);
  if (values.list) console.log(ALL_CASES.map(titleOf).join("\n"));
  if (values.help || values.list) return 0;
  const python = findInterpreters().find(({ version }) => version.startsWith(values.python));
  if (python === undefined) throw new Error(`no Python ${values.python} here`);
  const venv = packageVenv(python, PACKAGES);
  if ("reason" in venv) throw new Error(venv.reason);
  const size = { workers: Number(values.workers), threads: Number(values.threads) };
  const load = loadavg()[0]?.toFixed(1) ?? "";
  console.log(`${describeInterpreter(python)}, ${size.workers} workers of ${size.threads} threads, load ${load}\n`);
  console.log(cells([...HEAD, ...LAST]));
  console.log(`|${[...HEAD, ...LAST].map((name) => (RIGHT.includes(name) ? "--:" : "---")).join("|")}|`);
  const { text, isGood: good } = verdictOf(await runAll({ python: venv.program, size, enough: enoughAsked() }));
  console.log(`\n${text}`);
  return good ? 0 : 1;
}

function enoughAsked(): Enough {
  return {
    seconds: numberAsked("seconds"),
    limitSeconds: numberAsked("limit"),
    clears: numberAsked("clears"),
    times: numberAsked("times"),
    calls: numberAsked("calls"),
  };
}

/** Where nothing was asked for, nothing would be wanting. */
function numberAsked(name: "seconds" | "limit" | "clears" | "times" | "calls"): number {
  const number = Number(values[name]);
  if (!(number > 0)) throw new Error(`--${name} is a number above 0, not ${values[name]}`);
  return number;
}

process.exitCode = await main();
