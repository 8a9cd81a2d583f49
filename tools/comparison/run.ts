// npx tsx tools/comparison/run.ts [X.Y]: the table of caches in docs/comparison.md, measured. X.Y: the interpreter (3.11). A minute.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeInterpreter, findInterpreters } from "../../test/support/interpreters.ts";
import { packageVenv } from "../../test/support/package-venv.ts";

const PROGRAM = join(import.meta.dirname, "caches.py");
const PACKAGES = [
  "cachetools",
  "cachebox",
  "dogpile.cache",
  "Django",
  "Flask-Caching",
  "diskcache",
  "aiocache",
  "async-lru",
];
const LIMIT_MS = 120_000;
const HEAD = ["cache", "version", "load under way at a clear", "another process", "loads of 8 callers", "ns per hit"];

function main(wanted: string): void {
  const python = findInterpreters().find(({ version }) => version.startsWith(wanted));
  if (python === undefined) throw new Error(`no Python ${wanted} here`);
  const venv = packageVenv(python, PACKAGES);
  if ("reason" in venv) throw new Error(venv.reason);
  const folder = mkdtempSync(join(tmpdir(), "deadweight-comparison-"));
  try {
    const env = {
      ...process.env,
      DEADWEIGHT_CACHES: folder,
      PYTHONPATH: join(import.meta.dirname, "../../python/src"),
      PYTHONDONTWRITEBYTECODE: "1",
      TMPDIR: folder,
    };
    const ask = (...words: readonly string[]): string =>
      execFileSync(venv.program, [PROGRAM, ...words], { encoding: "utf8", env, timeout: LIMIT_MS }).trim();
    console.log(`${describeInterpreter(python)}\n\n| ${HEAD.join(" | ")} |\n|---|---|---|---|--:|--:|`);
    for (const name of ask().split("\n")) console.log(`| ${ask(name)} |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv[2] ?? "3.11");
