// Reads a heap stream that a process wrote of itself, three times from beginning to end, and makes a snapshot of it.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  decodeInsideHeader,
  INSIDE_BLOCK_HEADER_BYTES,
  INSIDE_START_BYTES,
  INSIDE_VERSION,
  insideVersion,
} from "../../heap/inside/inside-format.ts";
import { InsideReader, type Reading, READINGS } from "../../heap/inside/read-inside.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import type { Progress } from "../../model/progress.ts";
import type { SnapshotFileError } from "../../model/target-error.ts";

interface Source {
  readonly fd: number;
  readonly file: string;
  readonly bytes: number;
}

/** Null when the file does not begin as a heap stream. Does not throw. */
export function readInsideFile(file: string, progress: Progress): Result<Snapshot, SnapshotFileError> {
  let fd: number | null = null;
  try {
    fd = openSync(file, "r");
    const source: Source = { fd, file, bytes: fstatSync(fd).size };
    const version = insideVersion(bytesAt(source, 0, INSIDE_START_BYTES) ?? new Uint8Array(0));
    if (version === null) return fail({ code: "not-a-snapshot", file, seen: "something else" });
    if (version > INSIDE_VERSION) return fail({ code: "newer-format", file, version, supported: INSIDE_VERSION });
    return readStream(source, progress);
  } catch (error) {
    return fail({ code: "not-readable", file, detail: error instanceof Error ? error.message : String(error) });
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** True when a file begins as a heap stream of any version. */
export function isInsideStream(start: Uint8Array): boolean {
  return insideVersion(start) !== null;
}

function readStream(source: Source, progress: Progress): Result<Snapshot, SnapshotFileError> {
  const reader = new InsideReader(source.bytes);
  for (const reading of READINGS) {
    const failed = readBlocks(source, reader, reading, progress);
    if (failed !== null) return fail(failed);
    if (reader.finishReading(reading) !== null) return fail(cutOff(source));
  }
  const snapshot = reader.snapshot();
  return snapshot.ok ? ok(snapshot.value) : fail({ code: "corrupt", file: source.file, detail: snapshot.error });
}

function readBlocks(
  source: Source,
  reader: InsideReader,
  reading: Reading,
  progress: Progress,
): SnapshotFileError | null {
  let at = INSIDE_START_BYTES;
  while (at < source.bytes) {
    const head = bytesAt(source, at, INSIDE_BLOCK_HEADER_BYTES);
    if (head === null) return cutOff(source);
    const header = decodeInsideHeader(head);
    const bytes = bytesAt(source, at + INSIDE_BLOCK_HEADER_BYTES, header.length);
    if (bytes === null) return cutOff(source);
    const fault = reader.accept(reading, header, bytes);
    if (fault !== null) return { code: "corrupt", file: source.file, detail: fault };
    at += INSIDE_BLOCK_HEADER_BYTES + header.length;
    const done = (READINGS.indexOf(reading) * source.bytes + at) / READINGS.length;
    progress({ phase: "reading snapshot", done, total: source.bytes, unit: "bytes" });
  }
  return null;
}

function cutOff({ file, bytes }: Source): SnapshotFileError {
  return { code: "truncated", file, detail: `it ends after ${bytes} bytes, before its end was written` };
}

/** Null where the file ends before. */
function bytesAt({ fd, bytes }: Source, position: number, length: number): Uint8Array | null {
  if (position + length > bytes) return null;
  const found = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const read = readSync(fd, found, done, length - done, position + done);
    if (read === 0) return null;
    done += read;
  }
  return found;
}
