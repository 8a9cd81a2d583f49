// What Python itself says about a heap that stands still. Starts target.py in an interpreter; between two commands the
// target sleeps in os.read, so a snapshot taken then and the truth told afterwards describe the same heap.
//   using target = await startTarget(python, 100_000);
//   const snapshot = await walk(target.pid);
//   const truth = await target.truth();

import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

import type { TestInterpreter } from "../interpreters.ts";

/** Rows of objects; addresses and sizes are exact in a double. */
export interface TrueObjects {
  readonly id: Float64Array;
  /** Address of the type object. */
  readonly type: Float64Array;
  /** `sys.getsizeof`; 0 where it raised. */
  readonly size: Float64Array;
}

/** `gc.get_referents` of some objects; row i's targets are `target[start[i] .. start[i + 1])`. */
export interface TrueReferents {
  readonly id: Float64Array;
  readonly start: Uint32Array;
  readonly target: Float64Array;
  /** The first rows are a random sample of all gc objects; the others are up to 30 of each type. */
  readonly randomCount: number;
}

export interface TrueType {
  readonly id: number;
  /** "app.User", "dict". */
  readonly name: string;
  readonly flags: number;
  /** `__basicsize__`. */
  readonly basicsize: number;
}

export interface TrueCache {
  readonly id: number;
  readonly name: string;
  readonly hits: number;
  readonly misses: number;
  readonly maxsize: number | null;
  readonly currsize: number;
}

export interface TrueCollector {
  readonly enabled: boolean;
  readonly stats: readonly {
    readonly collections: number;
    readonly collected: number;
    readonly uncollectable: number;
  }[];
  readonly thresholds: readonly number[];
  readonly frozen: number;
}

export interface HeapTruth {
  readonly minor: number;
  /** Every object that the collector tracks, the permanent generation excepted. */
  readonly gc: TrueObjects;
  /** Every further object that `gc.get_referents` leads to. */
  readonly leaves: TrueObjects;
  /** Objects made while the truth was told; not in the other columns. */
  readonly ownIds: ReadonlySet<number>;
  readonly sample: TrueReferents;
  readonly types: ReadonlyMap<number, TrueType>;
  readonly caches: readonly TrueCache[];
  /** Cycles that nothing reaches, planted and not collected. */
  readonly garbage: { readonly cycles: number; readonly objects: number; readonly bytes: number };
  readonly collector: TrueCollector;
  /** Addresses of things at known places, by a name for the place. */
  readonly landmarks: Readonly<Record<string, number>>;
  readonly numpy: boolean;
}

export interface TruthTarget extends Disposable {
  readonly pid: number;
  readonly python: TestInterpreter;
  /** Changes nothing that a snapshot sees. */
  truth(): Promise<HeapTruth>;
  /** Adds records to `app.cache`; answers with its length. */
  grow(records: number): Promise<number>;
  /** Runs the target's collector; answers how many objects it found unreachable. */
  collect(): Promise<number>;
}

/** Starts a target with about `entries` objects and waits until it stands still. Disposing kills it. */
export async function startTarget(python: TestInterpreter, entries: number): Promise<TruthTarget> {
  const script = join(import.meta.dirname, "target.py");
  const args = ["-B", "-E", "-s", "-W", "ignore", script, String(entries)];
  const child = spawn(python.path, args, { stdio: ["pipe", "pipe", "pipe"] });
  const conversation = converse(child);
  const stop = (): void => void child.kill("SIGKILL");
  try {
    await conversation.hear("READY");
  } catch (error) {
    stop();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    python,
    truth: () => tellTruth(conversation, python.minor),
    grow: async (records) => numberIn(await conversation.ask(`grow ${records}`), "entries"),
    collect: async () => numberIn(await conversation.ask("collect"), "unreachable"),
    [Symbol.dispose]: stop,
  };
}

interface Conversation {
  hear(word: string): Promise<unknown>;
  ask(command: string): Promise<unknown>;
}

function converse(child: ChildProcessByStdio<Writable, Readable, Readable>): Conversation {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString("utf8")).slice(-2000);
  });
  const hear = async (word: string): Promise<unknown> => {
    const { value } = (await lines.next()) as { readonly value: string | undefined };
    if (value?.startsWith(`${word} `)) return JSON.parse(value.slice(word.length + 1));
    throw new Error(`the target said ${JSON.stringify(value ?? "nothing")} instead of ${word}\n${complaints}`);
  };
  return {
    hear,
    ask: (command) => {
      child.stdin.write(`${command}\n`);
      return hear("DONE");
    },
  };
}

function numberIn(answer: unknown, key: string): number {
  return Number((answer as Readonly<Record<string, unknown>>)[key]);
}

async function tellTruth(conversation: Conversation, minor: number): Promise<HeapTruth> {
  const folder = mkdtempSync(join(tmpdir(), "deadweight-truth-"));
  try {
    await conversation.ask(`truth ${folder}`);
    return readTruth(folder, minor);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface TruthFacts extends Pick<HeapTruth, "caches" | "garbage" | "collector" | "landmarks" | "numpy"> {
  readonly random: number;
  readonly types: readonly TrueType[];
}

/** Reads the files that target.py's write_truth leaves in `folder`. */
export function readTruth(folder: string, minor: number): HeapTruth {
  const column = (name: string): Float64Array => decodeU64(readFileSync(join(folder, `${name}.u64`)));
  const objects = (name: string): TrueObjects => ({
    id: column(`${name}-id`),
    type: column(`${name}-type`),
    size: column(`${name}-size`),
  });
  const facts = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8")) as TruthFacts;
  const { random, types, ...others } = facts;
  return {
    ...others,
    minor,
    gc: objects("gc"),
    leaves: objects("leaf"),
    ownIds: new Set(column("own-id")),
    sample: {
      id: column("sample-id"),
      start: runningTotal(column("sample-count")),
      target: column("sample-target"),
      randomCount: random,
    },
    types: new Map(types.map((type) => [type.id, type])),
  };
}

/** 64-bit numbers below 2^53 as doubles. */
export function decodeU64(bytes: Uint8Array): Float64Array {
  if (endianness() !== "LE") throw new Error("the truth harness needs a little-endian machine");
  // Copied: a small file comes as a view into Node's shared pool.
  const halves = new Uint32Array(Uint8Array.from(bytes).buffer);
  return Float64Array.from(
    { length: halves.length / 2 },
    (_, i) => (halves[2 * i] ?? 0) + (halves[2 * i + 1] ?? 0) * 2 ** 32,
  );
}

function runningTotal(counts: Float64Array): Uint32Array {
  const start = new Uint32Array(counts.length + 1);
  counts.forEach((count, i) => {
    start[i + 1] = (start[i] ?? 0) + count;
  });
  return start;
}
