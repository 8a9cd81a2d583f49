// Opens whatever a heap can come from: a process, a core file, a snapshot file, the dump of another tool.

import { existsSync, openSync, readSync, closeSync } from "node:fs";
import { basename } from "node:path";
import { fail, ok, type Result } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import type { Snapshot } from "../heap/snapshot.ts";
import type { SnapshotFileError, TargetError } from "../model/target-error.ts";
import { explainSnapshotFileError } from "../model/explain-snapshot-file-error.ts";
import { explainTargetError } from "../model/explain-target-error.ts";
import { collectNow } from "./collect-now.ts";
import { readCore, readProcess, readProcessHeap, type ReadTargetOptions, type TargetHeap } from "./read-target.ts";
import { isImportable, readImportedFile } from "./snapshot-file/read-imported-file.ts";
import { isInsideStream, readInsideFile } from "./snapshot-file/read-inside-file.ts";
import { readSnapshotFile } from "./snapshot-file/read-snapshot-file.ts";

export type HeapError =
  | TargetError
  | SnapshotFileError
  | { readonly code: "source-not-found"; readonly source: string };

/** A heap ready for questions. */
export interface OpenHeap {
  /** What was opened, as shown to people: a file name or "process 4711". */
  readonly name: string;
  readonly snapshot: Snapshot;
  /** Done already where helper threads read the heap. */
  readonly analysis: HeapAnalysis | null;
}

/** `source`: a PID in digits, a core file (also .gz, .zst, .lz4), a snapshot file, or a dump of PyHeap or midden. */
export async function openHeap(source: string, options: ReadTargetOptions): Promise<Result<OpenHeap, HeapError>> {
  const read = await readSource(source, options);
  if (!read.ok) return read;
  // The copy of the target is garbage by now, and as large as the target: let it go before anything is computed.
  collectNow();
  const name = isPid(source) ? `process ${source}` : basename(source);
  return ok({ name, ...read.value });
}

async function readSource(source: string, options: ReadTargetOptions): Promise<Result<TargetHeap, HeapError>> {
  if (isPid(source)) return readProcessHeap(Number(source), options, true);
  if (!existsSync(source)) return fail({ code: "source-not-found", source });
  const read = await readFile(source, options);
  return read.ok ? ok({ snapshot: read.value, analysis: null }) : read;
}

async function readFile(source: string, options: ReadTargetOptions): Promise<Result<Snapshot, HeapError>> {
  if (isCoreFile(source)) return readCore(source, options);
  const start = firstBytes(source);
  if (isInsideStream(start)) return readInsideFile(source, options.progress);
  if (isImportable(start)) return readImportedFile(source, options);
  return readSnapshotFile(source, { progress: options.progress });
}

/** Reads a process, a core file, what a process wrote of itself or another tool's dump; a snapshot file is no target. */
export async function readTarget(target: string, options: ReadTargetOptions): Promise<Result<Snapshot, HeapError>> {
  if (isPid(target)) return readProcess(Number(target), options);
  if (!existsSync(target)) return fail({ code: "source-not-found", source: target });
  const start = firstBytes(target);
  if (isImportable(start)) return readImportedFile(target, options);
  return isInsideStream(start) ? readInsideFile(target, options.progress) : readCore(target, options);
}

export function isPid(source: string): boolean {
  return /^\d{1,10}$/.test(source);
}

/** An ELF file, or a compressed file: snapshots begin with neither. */
function isCoreFile(path: string): boolean {
  const head = firstBytes(path);
  const magics = [
    [0x7f, 0x45, 0x4c, 0x46],
    [0x1f, 0x8b],
    [0x28, 0xb5, 0x2f, 0xfd],
    [0x04, 0x22, 0x4d, 0x18],
  ];
  return magics.some((magic) => magic.every((byte, i) => head[i] === byte));
}

/** Enough to tell the formats apart. */
const START_BYTES = 64;

function firstBytes(path: string): Uint8Array {
  const head = new Uint8Array(START_BYTES);
  try {
    const fd = openSync(path, "r");
    try {
      readSync(fd, head, 0, head.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The reader that comes next says what is wrong.
  }
  return head;
}

/** The error in words: what was seen, why it matters, what to do next. */
export function explainHeapError(error: HeapError): string {
  switch (error.code) {
    case "source-not-found":
      return `There is no file ${error.source} and it is no process ID. Give the PID of a running Python process, a core file or a snapshot made by \`deadweight snapshot\`.`;
    case "not-found":
    case "not-readable":
    case "not-a-snapshot":
    case "newer-format":
    case "truncated":
    case "corrupt":
    case "not-writable":
      return explainSnapshotFileError(error);
    default:
      return explainTargetError(error);
  }
}
