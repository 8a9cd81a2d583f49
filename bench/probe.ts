// What the probe costs a program beside tracemalloc, memray and py-spy, in CPU time of the program per iteration, in one run. Method:
// bench/method.md, "The probe". Run: node_modules/.bin/tsx bench/probe.ts [ROUNDS] [SECONDS]

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProbeConnection } from "../src/app/probe/probe-connection.ts";
import { openProbeHub } from "../src/app/probe/probe-hub.ts";
import type { ProbeVerb } from "../src/app/probe/probe-protocol.ts";
import { findInterpreters, type TestInterpreter } from "../test/support/interpreters.ts";
import { packageVenv } from "../test/support/package-venv.ts";

const [rounds = 7, seconds = 1] = process.argv.slice(2).map(Number);
const TARGET = join(import.meta.dirname, "targets", "probe.py");

interface Contestant {
  readonly name: string;
  /** Requests per second over the probe; null without the probe. */
  readonly asked: { readonly verb: ProbeVerb; readonly perSecond: number } | null;
  /** Words before the target's, and after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const plain: Contestant = { name: "plain", asked: null, before: [], after: [] };
const probe = (name: string, verb: ProbeVerb, perSecond: number): Contestant => ({
  ...plain,
  name: `probe, ${name}`,
  asked: { verb, perSecond },
});

const [python] = process.env["DEADWEIGHT_PYTHONS"] === undefined ? [preferred()] : findInterpreters();
if (python === undefined) throw new Error("no interpreter");
const venv = packageVenv(python, ["memray", "py-spy"]);
if ("reason" in venv) console.log(venv.reason);
const program = "program" in venv ? venv.program : python.path;
const scratch = mkdtempSync(join(tmpdir(), "dw-bench-"));
const CONTESTANTS: readonly Contestant[] = [
  plain,
  { ...plain, name: "plain again" },
  probe("idle", "ping", 0),
  probe("stats 1 Hz", "stats", 1),
  probe("stats 10 Hz", "stats", 10),
  probe("stats 100 Hz", "stats", 100),
  probe("collections 4 Hz", "gc-events", 4),
  { ...plain, name: "tracemalloc, 1 frame", after: ["tracemalloc", "1"] },
  { ...plain, name: "tracemalloc, 10 frames", after: ["tracemalloc", "10"] },
  ...("program" in venv
    ? [
        {
          ...plain,
          name: "memray run",
          before: ["-m", "memray", "run", "--quiet", "--force", "-o", join(scratch, "m.bin")],
        },
        {
          ...plain,
          name: "memray run --trace-python-allocators",
          before: [
            "-m",
            "memray",
            "run",
            "--quiet",
            "--force",
            "--trace-python-allocators",
            "-o",
            join(scratch, "n.bin"),
          ],
        },
        { ...plain, name: "py-spy record, 100 Hz", before: ["py-spy"] },
      ]
    : []),
];

const costs = new Map<string, number[]>(CONTESTANTS.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const each of round % 2 === 0 ? CONTESTANTS : CONTESTANTS.toReversed())
    costs.get(each.name)?.push(await costOf(each));
rmSync(scratch, { recursive: true, force: true });
console.log(
  `CPython ${python.version}, ${rounds} rounds of ${seconds} s; CPU per iteration, and against plain in the same round`,
);
const plainCosts = costs.get("plain") ?? [];
for (const [name, values] of costs) {
  const ratios = values.map((value, round) => value / (plainCosts[round] ?? NaN)).toSorted((a, b) => a - b);
  const middle = ratios[Math.floor(ratios.length / 2)] ?? NaN;
  const least = Math.min(...values) / Math.min(...plainCosts);
  console.log(
    `${name.padEnd(40)} ${(Math.min(...values) / 1000).toFixed(1)} us  x${middle.toFixed(3)} (${ratios[0]?.toFixed(3)}..${ratios.at(-1)?.toFixed(3)})  least x${least.toFixed(3)}`,
  );
}

function preferred(): TestInterpreter | undefined {
  return findInterpreters().findLast(({ minor }) => minor <= 12);
}

/** CPU nanoseconds per iteration as the target says. */
async function costOf({ asked, before, after }: Contestant): Promise<number> {
  const isSpied = before[0] === "py-spy";
  const own = [TARGET, String(seconds), ...after];
  if (asked === null)
    return await run(isSpied ? join(program, "..", "py-spy") : program, isSpied ? spied(own) : [...before, ...own]);
  const connections: ProbeConnection[] = [];
  const opened = await openProbeHub({ connected: (each) => connections.push(each), refused: () => undefined });
  if (!opened.ok) throw new Error(opened.error);
  await using hub = opened.value;
  const ask = (): void => connections.forEach((each) => void (each.isOpen && each.request(asked.verb)));
  const timer = asked.perSecond > 0 ? setInterval(ask, 1000 / asked.perSecond) : undefined;
  try {
    return await run(program, own, hub.environment(process.env));
  } finally {
    clearInterval(timer);
  }
}

function spied(own: readonly string[]): readonly string[] {
  return ["record", "--rate", "100", "--output", join(scratch, "spy.svg"), "--", program, ...own];
}

function run(command: string, words: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(command, words, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((settle, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      const found = /cost ([\d.]+)/.exec(text);
      if (found === null) reject(new Error(`${command} ${words.join(" ")}: ${text}`));
      else settle(Number(found[1]));
    });
  });
}
