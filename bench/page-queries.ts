// How long the server of the page takes for each question about a heap. Method and figures: bench/method.md, "Page".
//
//   npm run build && npx tsx bench/page-queries.ts                     1 M and 5 M objects
//   npx tsx bench/page-queries.ts --objects 1000000 --rounds 3 --repeats 20
//
// Runs dist/ as `deadweight serve` does: a real server, asked over HTTP on this machine. Each round asks a server that has never seen
// the heap, and then another one that has the answers of the first: the two columns of a row come from the same minute.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const here: string = import.meta.dirname;
const TOOL = path.join(here, "../bin/deadweight.mjs");
const { values: options } = parseArgs({
  options: {
    objects: { type: "string", multiple: true, default: ["1000000", "5000000"] },
    rounds: { type: "string", default: "3" },
    repeats: { type: "string", default: "20" },
    python: { type: "string", default: "python3" },
  },
});

interface Question {
  readonly name: string;
  /** Behind /api/snapshots/ID. Null: needs an answer of an earlier question. */
  readonly path: (address: string) => string;
}

const q = (text: string): string => `/query?q=${encodeURIComponent(text)}`;

/** In the order in which a person would ask. */
const QUESTIONS: readonly Question[] = [
  { name: "summary", path: () => "" },
  { name: "treemap", path: () => "/retention" },
  { name: "treemap, finer", path: () => "/retention?rows=20000" },
  { name: "table (top 100)", path: () => "/top" },
  { name: "object by holder", path: () => "/why?limit=20&selector=__main__.cache" },
  { name: "object by address", path: (address) => `/why?limit=20&selector=${address}` },
  { name: "objects of a type", path: () => "/why?limit=20&selector=__main__.User" },
  { name: "source", path: (address) => `/source?address=${address}` },
  { name: "graph", path: (address) => `/neighbourhood?selector=${address}` },
  { name: "query: one type", path: () => q("dict where entries > 10k") },
  { name: "query: module", path: () => q("objects where module = '__main__' order by retained limit 20") },
  { name: "query: grouped", path: () => q("objects group by type order by size limit 20") },
];

interface Answered {
  /** The first time this server was asked, and the times after that. */
  readonly firstMs: number;
  readonly againMs: readonly number[];
  /** CPU of the server, user and system, for one of the later times. */
  readonly againCpuMs: number;
}

interface Served extends AsyncDisposable {
  readonly get: (path: string) => Promise<{ readonly ms: number; readonly text: string }>;
  readonly cpuMs: () => number;
}

await bench();

async function bench(): Promise<void> {
  console.log(
    `${cpus().length} x ${cpus()[0]?.model ?? "?"}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? "?"} at the start`,
  );
  const folder = mkdtempSync(path.join(tmpdir(), "dw-page-bench-"));
  try {
    for (const objects of options.objects) await benchHeap(folder, Number(objects));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchHeap(folder: string, objects: number): Promise<void> {
  const file = path.join(folder, `${objects}.dwsnap`);
  await snapshotOf(objects, file);
  const fresh = new Map<string, Answered[]>();
  const known = new Map<string, Answered[]>();
  for (let round = 0; round < Number(options.rounds); round++) {
    const kept = path.join(folder, `kept-${objects}-${round}`);
    await ask(file, kept, fresh);
    await ask(file, kept, known);
  }
  console.log(
    `\n${objects / 1e6} M objects, file of ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB, load ${loadavg()[0]?.toFixed(1) ?? "?"}`,
  );
  console.log(
    "| question | never seen, first ms | answers kept, first ms | again p50 ms | again p95 ms | again CPU ms |",
  );
  console.log("|---|---:|---:|---:|---:|---:|");
  for (const { name } of QUESTIONS) console.log(rowOf(name, fresh.get(name) ?? [], known.get(name) ?? []));
}

function rowOf(name: string, fresh: readonly Answered[], known: readonly Answered[]): string {
  const again = [...fresh, ...known].flatMap(({ againMs }) => againMs);
  const first = (each: readonly Answered[]): string =>
    quantile(
      each.map(({ firstMs }) => firstMs),
      0.5,
    ).toFixed(0);
  const cpu = quantile(
    [...fresh, ...known].map(({ againCpuMs }) => againCpuMs),
    0.5,
  );
  const cells = [quantile(again, 0.5), quantile(again, 0.95), cpu].map((ms) => ms.toFixed(1));
  return `| ${[name, first(fresh), first(known), ...cells].join(" | ")} |`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function ask(file: string, kept: string, into: Map<string, Answered[]>): Promise<void> {
  await using server = await serve(file, kept);
  const { snapshots } = JSON.parse((await server.get("/api/snapshots")).text) as {
    snapshots: { id: string; name: string }[];
  };
  const id = snapshots.find(({ name }) => name === path.basename(file))?.id ?? "";
  let address = "0x1";
  for (const question of QUESTIONS) {
    const place = `/api/snapshots/${id}${question.path(address)}`;
    const { ms: firstMs, text } = await server.get(place);
    address = /"subjects":\[\{"type":"[^"]*","address":"(0x[0-9a-f]+)"/.exec(text)?.[1] ?? address;
    const againMs: number[] = [];
    const before = server.cpuMs();
    for (let time = 0; time < Number(options.repeats); time++) againMs.push((await server.get(place)).ms);
    into.set(question.name, [
      ...(into.get(question.name) ?? []),
      { firstMs, againMs, againCpuMs: (server.cpuMs() - before) / againMs.length },
    ]);
  }
}

async function serve(file: string, kept: string): Promise<Served> {
  const args = [TOOL, "serve", "--no-open", "--port", "0", "--json", "--folder", kept, file];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const line of createInterface({ input: child.stdout })) {
    said += line;
    if (line === "}") break;
  }
  const { address, token } = JSON.parse(said) as { address: string; token: string };
  return {
    get: async (place) => {
      const begun = performance.now();
      const reply = await fetch(new URL(place, address), { headers: { authorization: `Bearer ${token}` } });
      const text = await reply.text();
      if (reply.status !== 200) throw new Error(`${place}: ${text}`);
      return { ms: performance.now() - begun, text };
    },
    cpuMs: () => cpuOf(child.pid ?? 0),
    [Symbol.asyncDispose]: async () => await end(child, "SIGINT"),
  };
}

/** Of all its threads; a tick is 10 ms on every Linux. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function snapshotOf(objects: number, file: string): Promise<void> {
  const target = path.join(here, "targets/heap.py");
  const child = spawn(options.python, [target, String(objects)], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const _line of createInterface({ input: child.stdout })) break;
  execFileSync(process.execPath, [TOOL, "snapshot", String(child.pid), "-o", file], { stdio: "ignore" });
  await end(child, "SIGTERM");
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((settle) => child.once("close", settle));
  child.kill(signal);
  await ended;
}
