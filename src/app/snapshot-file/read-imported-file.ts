// Reads the heap dump of another tool, from beginning to end once, and makes a snapshot of it.

import { closeSync, fstatSync, openSync } from "node:fs";
import { fail, ok, type Result } from "../../base/result.ts";
import { type ImportedDump, importedSnapshot } from "../../heap/imported/imported-snapshot.ts";
import { isMiddenDump, MiddenReader } from "../../heap/imported/midden-lines.ts";
import { PYHEAP_VERSION, pyheapVersion, readPyheap } from "../../heap/imported/pyheap-reader.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import type { Progress } from "../../model/progress.ts";
import type { SnapshotFileError } from "../../model/target-error.ts";
import { isAllocationFailure } from "../../base/allocation-failure.ts";
import { readPiece } from "../read-piece.ts";

const PIECE_BYTES = 1 << 20;

interface Source {
  readonly fd: number;
  readonly file: string;
  readonly bytes: number;
  readonly writtenMs: number;
}

export interface ImportOptions {
  /** Texts are kept; otherwise names only. */
  readonly values: boolean;
  readonly progress: Progress;
}

/** True when a file begins as a dump that can be imported, of any version. */
export function isImportable(start: Uint8Array): boolean {
  return isMiddenDump(start) || pyheapVersion(start) !== null;
}

/** Fails in the words of a snapshot file. Does not throw. */
export function readImportedFile(file: string, options: ImportOptions): Result<Snapshot, SnapshotFileError> {
  let fd: number | null = null;
  try {
    fd = openSync(file, "r");
    const { size, mtimeMs } = fstatSync(fd);
    const source: Source = { fd, file, bytes: size, writtenMs: mtimeMs };
    const dump = readDump(source, options.progress);
    if (!dump.ok) return dump;
    const snapshot = importedSnapshot(dump.value, options.values);
    return snapshot.ok ? ok(snapshot.value) : fail({ code: "corrupt", file, detail: snapshot.error });
  } catch (error) {
    const detail = isAllocationFailure(error)
      ? "it needs more memory than this machine gives"
      : error instanceof Error
        ? error.message
        : String(error);
    return fail({ code: "not-readable", file, detail });
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function readDump(source: Source, progress: Progress): Result<ImportedDump, SnapshotFileError> {
  const done = (bytes: number): void =>
    progress({ phase: "reading dump", done: bytes, total: source.bytes, unit: "bytes" });
  return pyheapVersion(readPiece(source.fd, 0, 16)) === null ? readMidden(source, done) : readPyheapDump(source, done);
}

function readMidden(source: Source, done: (bytes: number) => void): Result<ImportedDump, SnapshotFileError> {
  const reader = new MiddenReader();
  const { file, bytes } = source;
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    const fault = reader.accept(readPiece(source.fd, at, PIECE_BYTES));
    if (fault !== null) return fail({ code: "corrupt", file, detail: fault });
    done(at);
  }
  return reader.isComplete
    ? ok(reader.dump(bytes, source.writtenMs))
    : fail({ code: "truncated", file, detail: `it ends after ${bytes} bytes, inside a line` });
}

function readPyheapDump(source: Source, done: (bytes: number) => void): Result<ImportedDump, SnapshotFileError> {
  const { file, bytes } = source;
  const read = readPyheap((position, length) => readPiece(source.fd, position, length), bytes, done);
  if (read.ok) return read;
  switch (read.error.code) {
    case "truncated":
      return fail({ code: "truncated", file, detail: `it ends after ${bytes} bytes, before its footer` });
    case "corrupt":
      return fail({ code: "corrupt", file, detail: read.error.detail });
    case "newer-format":
      return fail({ code: "newer-format", file, version: read.error.version, supported: PYHEAP_VERSION });
  }
}
