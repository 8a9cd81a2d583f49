// The cost of one stable key beside what else programs key by, in both languages, and of the hashes it could end in.
// Method and figures: docs/cache-keys.md and docs/decisions/0008-hash-of-cache-keys.md.
// Run: node_modules/.bin/tsx bench/cache-keys.ts [ROUNDS]; makes an environment with numpy and joblib per interpreter.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { digest, encode, type KeyValue } from "../src/client/cache-keys.ts";
import { describeInterpreter, findInterpreters } from "../test/support/interpreters.ts";
import { packageVenv } from "../test/support/package-venv.ts";

const [rounds = 7] = process.argv.slice(2).map(Number);
const ROUND_MS = 50;
const SOURCES = join(import.meta.dirname, "..", "python", "src");
const TARGET = join(import.meta.dirname, "targets", "cache-keys.py");

const CASES: Readonly<Record<string, KeyValue>> = {
  int: 42,
  text: "user:42",
  "dict of 5": { user: 42, lang: "en", page: 3, exact: true, sort: "price" },
  "nested list": Array.from({ length: 20 }, (_, at) => [at, at + 1, String(at)]),
  "array of 1 MB": new Float64Array(131_072),
};
const METHODS: Readonly<Record<string, (value: KeyValue) => unknown>> = {
  deadweight: (value) => digest({ value }),
  "encode alone": (value) => encode(value),
  "JSON + sha256": (value) => createHash("sha256").update(JSON.stringify(value)).digest(),
};
const HASHES = ["sha256", "blake2b512"] as const;
const HASHED_BYTES = [100, 2 ** 20];

function cpuMicroseconds(run: () => unknown, count: number): number {
  const before = process.cpuUsage();
  for (let at = 0; at < count; at++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** The least of the rounds, all contestants in turn. */
function least(contestants: ReadonlyMap<string, () => unknown>): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of contestants) {
      const count = Math.max(1, Math.round((ROUND_MS * 1000) / Math.max(best.get(name) ?? 500, 0.5)));
      best.set(name, Math.min(best.get(name) ?? Infinity, cpuMicroseconds(run, count)));
    }
  }
  return best;
}

const contestants = new Map<string, () => unknown>();
for (const [name, value] of Object.entries(CASES)) {
  for (const [method, run] of Object.entries(METHODS)) {
    contestants.set(`${name.padEnd(14)} ${method.padEnd(15)}`, () => run(value));
  }
}
for (const hash of HASHES) {
  for (const count of HASHED_BYTES) {
    const content = Buffer.alloc(count, 1);
    contestants.set(`${hash} of ${count} bytes`.padEnd(30), () => createHash(hash).update(content).digest());
  }
}
console.log(`Node ${process.versions.node}, CPU microseconds per key`);
for (const [name, cost] of least(contestants)) console.log(`${name} ${cost.toFixed(2).padStart(8)}`);

for (const python of findInterpreters()) {
  const venv = packageVenv(python, ["numpy", "joblib"]);
  console.log(`\nCPython ${describeInterpreter(python)}${"reason" in venv ? ` without numpy: ${venv.reason}` : ""}`);
  const program = "reason" in venv ? python.path : venv.program;
  const environment = { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" };
  const ended = spawnSync(program, [TARGET, String(rounds)], { env: environment, encoding: "utf8" });
  console.log(ended.stdout.trimEnd() || ended.stderr);
}
