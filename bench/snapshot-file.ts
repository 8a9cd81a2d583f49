// Writes and reads a snapshot file several times: nodes per second, bytes per node, memory beyond the columns.
//
//   npx tsx bench/snapshot-file.ts FILE.dwsnap      a heap that was captured
//   npx tsx bench/snapshot-file.ts --nodes 5000000  a made-up one of that many objects
//
// Method: bench/method.md, "Snapshot file". Memory is measured in processes of its own (`--once`), one run each: later
// runs in a process reuse what earlier ones freed, and would look as if they took nothing.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSnapshotFile } from "../src/app/snapshot-file/read-snapshot-file.ts";
import { writeSnapshotFile } from "../src/app/snapshot-file/write-snapshot-file.ts";
import { columnBytes } from "../src/heap/file/columns.ts";
import { encodeSnapshot, headerOf } from "../src/heap/file/encode-snapshot.ts";
import { MAX_BLOCK_BYTES } from "../src/heap/file/format.ts";
import type { Snapshot } from "../src/heap/snapshot.ts";
import { syntheticSnapshot } from "./snapshot-file-input.ts";

const MIB = 2 ** 20;

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
}
/** What a process of its own found. */
interface Once {
  /** Highest resident memory during the run above that before it, the columns of a read not counted. */
  readonly beyondColumnsMib: number;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: "string", default: "2000000" },
    rounds: { type: "string", default: "7" },
    once: { type: "string" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "dwsnap-bench-"));
try {
  if (options.once === "read") console.log(JSON.stringify(await readOnce(positionals[0] ?? "")));
  else if (options.once === "write")
    console.log(
      JSON.stringify(
        await writeOnce(await inputSnapshot(positionals[0], Number(options.nodes)), join(folder, "a.dwsnap")),
      ),
    );
  else
    await report(
      await inputSnapshot(positionals[0], Number(options.nodes)),
      join(folder, "a.dwsnap"),
      Number(options.rounds),
    );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function readOnce(file: string): Promise<Once> {
  const { result, extraMib } = await peakOf(async () => mustBe(await readSnapshotFile(file)));
  return { beyondColumnsMib: extraMib - columnBytes(headerOf(result)) / MIB };
}

async function writeOnce(input: Snapshot, file: string): Promise<Once> {
  return { beyondColumnsMib: (await peakOf(async () => mustBe(await writeSnapshotFile(input, file)))).extraMib };
}

async function peakOf<T>(work: () => Promise<T>): Promise<{ result: T; extraMib: number }> {
  globalThis.gc?.();
  writeFileSync("/proc/self/clear_refs", "5"); // the peak starts anew; see proc(5)
  const residentBefore = statusMib("VmRSS");
  const result = await work();
  return { result, extraMib: statusMib("VmHWM") - residentBefore };
}

/** Median of three fresh processes. */
function memoryOf(once: "read" | "write", input: readonly string[]): number {
  const args = ["--expose-gc", "--import", "tsx", import.meta.filename, "--once", once, ...input];
  const runs = Array.from(
    { length: 3 },
    () => JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Once,
  );
  return round2(median(runs.map((run) => run.beyondColumnsMib)));
}

async function inputSnapshot(file: string | undefined, nodes: number): Promise<Snapshot> {
  return file === undefined ? syntheticSnapshot(nodes) : mustBe(await readSnapshotFile(file));
}

async function report(input: Snapshot, file: string, rounds: number): Promise<void> {
  const header = headerOf(input);
  const writes: Run[] = [];
  const reads: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    writes.push(await measure(async () => mustBe(await writeSnapshotFile(input, file))));
    reads.push(await measure(async () => mustBe(await readSnapshotFile(file))));
  }
  const fileBytes = statSync(file).size;
  const given = positionals[0] === undefined ? ["--nodes", options.nodes] : [positionals[0]];
  console.log(
    JSON.stringify(
      {
        machine: `${cpus().length} x ${cpus()[0]?.model}, Node ${process.versions.node}`,
        nodes: header.nodes,
        edges: header.edges,
        fileBytes,
        bytesPerNode: round2(fileBytes / header.nodes),
        columnsMib: round2(columnBytes(header) / MIB),
        write: { ...summary(writes, header.nodes), memoryBeyondColumnsMib: memoryOf("write", given) },
        read: { ...summary(reads, header.nodes), memoryBeyondColumnsMib: memoryOf("read", [file]) },
        rawBytesPerNode: rawBytesPerNode(input),
      },
      null,
      2,
    ),
  );
}

/** The first round warms the code up and is left out. */
function summary(runs: readonly Run[], nodes: number): object {
  const warm = runs.slice(1);
  const wallMs = median(warm.map((run) => run.wallMs));
  return {
    wallMs: round2(wallMs),
    cpuMs: round2(median(warm.map((run) => run.cpuMs))),
    millionNodesPerSecond: round2(nodes / wallMs / 1000),
  };
}

async function measure(work: () => Promise<unknown>): Promise<Run> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function statusMib(field: string): number {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
}

/** Before compression, per section. */
function rawBytesPerNode(input: Snapshot): Record<string, number> {
  const sizes: Record<string, number> = {};
  const buffer = new Uint8Array(MAX_BLOCK_BYTES);
  for (const { section, bytes } of encodeSnapshot(input, () => buffer))
    sizes[section] = (sizes[section] ?? 0) + bytes.length;
  return Object.fromEntries(
    Object.entries(sizes).map(([section, size]) => [section, round2(size / input.nodes.count)]),
  );
}

function mustBe<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
