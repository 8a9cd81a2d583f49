// Small programs that really run: they grow between two snapshots, and the sources are found as for anybody's process.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { readProject } from "../../src/app/diagnose/read-project.ts";
import { readProcess } from "../../src/app/read-target.ts";
import { sourcesConcerned } from "../../src/diagnose/sources-concerned.ts";
import type { ProcessSource } from "../../src/diagnose/process-source.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { settleOwners, type OwnedHeap } from "../../src/heap/holders/ownership.ts";
import { diffOf } from "../../src/heap/queries/diff.ts";
import type { DiffReport, HolderGrowth } from "../../src/model/heap-reports.ts";
import { findInterpreters, type TestInterpreter } from "../support/interpreters.ts";

export interface GrowingProgram {
  /** By path inside the folder of the program; `main.py` is run and defines `work()`, one round of what it does. */
  readonly sources: Readonly<Record<string, string>>;
  readonly python?: TestInterpreter;
  /** In place of `main.py`: `["-m", "app.main"]`. */
  readonly start?: readonly string[];
  /** Modules whose packages are read, too; those of the holders if not given. */
  readonly concerned?: readonly string[];
  /** Before the sources are read: what happens to the files while the program runs. */
  readonly meanwhile?: (folder: string) => void;
}

/** Ends with its scope: sources are read while it is there. */
export interface GrownProgram extends AsyncDisposable {
  readonly folder: string;
  readonly pid: number;
  readonly diff: DiffReport;
  readonly first: OwnedHeap;
  readonly last: OwnedHeap;
  readonly source: ProcessSource;
  /** The holder that grew most. */
  readonly top: HolderGrowth;
}

const ROUNDS = 3;
/** Nobody waits for these programs: a busy machine must not fail a test. */
const MOST_PAUSE_MS = 60_000;

/** Appended to the main file: one round for each line of input. */
const SERVE = `
import sys as _sys
print("ready", flush=True)
for _line in _sys.stdin:
    work()
    print("done", flush=True)
`;

/** Runs the program for a few rounds, with a snapshot before and one after. Nothing is left behind. */
export async function grow(program: GrowingProgram): Promise<GrownProgram> {
  const folder = mkdtempSync(join(tmpdir(), "dw-diagnose-"));
  const start = program.start ?? ["main.py"];
  writeSources(folder, program.sources, start);
  const python = program.python ?? newestInterpreter();
  const child = spawn(python.path, start, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const end = async (): Promise<void> => {
    const isRunning = child.exitCode === null && child.signalCode === null;
    const ended = isRunning ? new Promise<void>((resolve) => child.once("exit", () => resolve())) : null;
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const say = answersOf(child);
    await say("ready");
    child.stdin.write("\n");
    await say("done");
    const first = await heapOf(child.pid ?? 0);
    for (let round = 0; round < ROUNDS; round++) {
      child.stdin.write("\n");
      await say("done");
    }
    const last = await heapOf(child.pid ?? 0);
    program.meanwhile?.(folder);
    const diff = diffOf([
      { file: "first", analysis: first },
      { file: "last", analysis: last },
    ]);
    const source = await readProject({
      analysis: last,
      pid: child.pid ?? 0,
      concerned:
        program.concerned === undefined
          ? sourcesConcerned(last, diff.holders)
          : { modules: program.concerned, files: [], spellings: [] },
      cacheFolder: null,
      version: "test",
    });
    return {
      folder,
      pid: child.pid ?? 0,
      diff,
      first,
      last,
      source,
      top: diff.holders[0]!,
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function writeSources(folder: string, sources: GrowingProgram["sources"], start: readonly string[]): void {
  const main = start[0] === "-m" ? `${(start[1] ?? "").replaceAll(".", "/")}.py` : (start[0] ?? "");
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path === main ? text + SERVE : text);
  }
}

function newestInterpreter(): TestInterpreter {
  return findInterpreters().at(-1)!;
}

async function heapOf(pid: number): Promise<OwnedHeap> {
  const read = await readProcess(pid, { maxPauseMs: MOST_PAUSE_MS, values: false, progress: () => undefined });
  if (!read.ok) throw new Error(`the program could not be read: ${read.error.code}`);
  return settleOwners(analyse(read.value));
}

/** Resolves with the next line, which must be the expected one. */
function answersOf(child: ChildProcess): (line: string) => Promise<void> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return async (expected) => {
    const next = await lines.next();
    if (next.done === true || next.value !== expected) throw new Error(`expected "${expected}", got "${next.value}"`);
  };
}
