// Times `deadweight scan` against ruff (all its rules) and pylint (its one rule about caches) on the same folders, in turns, so
// that a machine that is busy or gets warm is so for all of them. Method and figures: bench/method.md, "Scan".
//   npx tsx bench/scan.ts --rounds 5 --ruff PATH --pylint PATH FOLDER...      without PATHs they are installed into a folder for this run

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const RUFF = "ruff==0.16.9";
const PYLINT = "pylint";
const TOOL = join(import.meta.dirname, "../bin/deadweight.mjs");

/** Runs a command with its output thrown away; says how long it took and what it used. */
const MEASURE = `
import os, sys, time
start = time.monotonic()
null = os.open(os.devnull, os.O_RDWR)
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)])
_, status, usage = os.wait4(pid, 0)
print(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status))
`;

interface Run {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Run this often; pylint takes a minute. */
  readonly rounds: number;
}

function measure(command: readonly string[]): Run {
  const printed = execFileSync("python3", ["-c", MEASURE, ...command], { encoding: "utf8" });
  const [wallSeconds = 0, cpuSeconds = 0, peakBytes = 0, exitCode = 0] = printed.split(" ").map(Number);
  // Findings are 1 with all of them; pylint answers with bits.
  if (exitCode < 0 || (exitCode > 1 && exitCode < 32 && !command.some((word) => word.includes("pylint"))))
    throw new Error(`${command.join(" ")} ended with ${exitCode}`);
  return { wallSeconds, cpuSeconds, peakBytes };
}

function contenders(ruff: string, pylint: string, corpus: string, caches: string, rounds: number): Contender[] {
  const ruffAll = [ruff, "check", "--select", "ALL"];
  const scan = [process.execPath, TOOL, "scan"];
  const ruffCache = ["--cache-dir", join(caches, "ruff")];
  const scanCache = ["--cache-dir", join(caches, "deadweight")];
  return [
    { name: "ruff, cold", command: [...ruffAll, "--no-cache", corpus], rounds },
    { name: "deadweight, cold, 1 thread", command: [...scan, "--no-cache", "--threads", "1", corpus], rounds },
    { name: "deadweight, cold, 2 threads", command: [...scan, "--no-cache", "--threads", "2", corpus], rounds },
    { name: "ruff, warm", command: [...ruffAll, ...ruffCache, corpus], rounds },
    { name: "deadweight, warm", command: [...scan, ...scanCache, corpus], rounds },
    {
      name: "pylint, one rule",
      command: [pylint, "-j2", "--disable=all", "--enable=W1518", "--persistent=n", "--recursive=y", corpus],
      rounds: 1,
    },
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function sizeOf(folder: string): { readonly files: number; readonly bytes: number } {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".py"));
  return { files: names.length, bytes: names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) };
}

function bench(corpus: string, ruff: string, pylint: string, rounds: number): void {
  const caches = mkdtempSync(join(tmpdir(), "bench-scan-"));
  try {
    const all = contenders(ruff, pylint, corpus, caches, rounds);
    const runs = new Map(all.map(({ name }) => [name, [] as Run[]]));
    // Fills caches, those of the file system too.
    for (const { name, command } of all) if (name.endsWith("warm")) measure(command);
    for (let round = 0; round < rounds; round++)
      for (const { name, command, rounds: most } of all) if (round < most) runs.get(name)?.push(measure(command));
    const { files, bytes } = sizeOf(corpus);
    console.log(`\n${corpus}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
    console.log("| | wall, median | fastest | CPU, median | peak memory |\n| :-- | --: | --: | --: | --: |");
    for (const [name, each] of runs) {
      const walls = each.map((run) => run.wallSeconds);
      const cpu = median(each.map((run) => run.cpuSeconds)).toFixed(2);
      const peak = (Math.max(...each.map((run) => run.peakBytes)) / 2 ** 20).toFixed(0);
      console.log(
        `| ${name} | ${median(walls).toFixed(2)} s | ${Math.min(...walls).toFixed(2)} s | ${cpu} s | ${peak} MiB |`,
      );
    }
  } finally {
    rmSync(caches, { recursive: true });
  }
}

function install(folder: string): { readonly ruff: string; readonly pylint: string } {
  execFileSync("python3", ["-m", "venv", folder]);
  execFileSync(join(folder, "bin/pip"), ["install", "--quiet", RUFF, PYLINT]);
  return { ruff: join(folder, "bin/ruff"), pylint: join(folder, "bin/pylint") };
}

function main(): void {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: "string", default: "5" }, ruff: { type: "string" }, pylint: { type: "string" } },
    allowPositionals: true,
  });
  if (!existsSync(join(import.meta.dirname, "../dist/cli/main.js"))) throw new Error("npm run build comes first");
  const peers = mkdtempSync(join(tmpdir(), "bench-peers-"));
  try {
    const { ruff = "", pylint = "" } =
      values.ruff !== undefined && values.pylint !== undefined ? values : { ...install(peers), ...values };
    console.log(
      `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, Node ${process.versions.node}; load ${loadavg()[0]?.toFixed(1)}`,
    );
    for (const corpus of positionals) bench(resolve(corpus), ruff, pylint, Number(values.rounds));
    console.log(`\nload at the end ${loadavg()[0]?.toFixed(1)}`);
  } finally {
    rmSync(peers, { recursive: true });
  }
}

main();
