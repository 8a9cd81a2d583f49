// Allocation lines out of a file of memray or tracemalloc: `deadweight lines FILE`.

import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { fail, ok, type Result } from "../../base/result.ts";
import { isMemrayCsv, MemrayCsvReader } from "../../imports/memray-csv.ts";
import { isMemrayStats, readMemrayStats } from "../../imports/memray-stats.ts";
import type { ReadLines } from "../../imports/line-sums.ts";
import { isPickle, readTracemallocDump } from "../../imports/tracemalloc-dump.ts";
import type { AllocationLinesReport } from "../../model/allocation-lines-report.ts";
import { readPiece } from "../read-piece.ts";

const START_BYTES = 4096;
const PIECE_BYTES = 1 << 20;
/** The reader of pickles has the file in memory, and about eight times as much for what it remembers. */
const MOST_PICKLE_BYTES: number = 1 << 30;
const MOST_JSON_BYTES: number = 64 << 20;

export interface AllocationFileError {
  readonly code: "allocation-file";
  readonly message: string;
}

/** Null when the file is none of memray or tracemalloc (a script, most likely). Fails in one sentence. */
export function readAllocationFile(file: string): Result<AllocationLinesReport | null, AllocationFileError> {
  let fd: number | null = null;
  try {
    fd = openSync(file, "r");
    const status = fstatSync(fd);
    if (!status.isFile()) return ok(null);
    const read = readLines({ fd, file, bytes: status.size });
    if (read === null) return ok(null);
    return read.ok
      ? ok({ schema: "deadweight/allocation-lines@1", file, ...read.value })
      : fail(problem(file, read.error));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT"
      ? ok(null)
      : fail(problem(file, error instanceof Error ? error.message : String(error)));
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

interface Source {
  readonly fd: number;
  readonly file: string;
  readonly bytes: number;
}

function readLines(source: Source): Result<ReadLines, string> | null {
  const start = readPiece(source.fd, 0, START_BYTES);
  if (isPickle(start)) return whole(source, MOST_PICKLE_BYTES, readTracemallocDump);
  const text = new TextDecoder().decode(start);
  if (isMemrayStats(text))
    return whole(source, MOST_JSON_BYTES, (bytes) => readMemrayStats(new TextDecoder().decode(bytes)));
  return isMemrayCsv(text) ? readCsv(source) : null;
}

function whole(
  { file, bytes }: Source,
  mostBytes: number,
  read: (bytes: Uint8Array) => Result<ReadLines, string>,
): Result<ReadLines, string> {
  if (bytes > mostBytes) return fail(`it has ${bytes} bytes, and more than ${mostBytes} are not read`);
  return read(readFileSync(file));
}

function readCsv(source: Source): Result<ReadLines, string> {
  const reader = new MemrayCsvReader();
  const decoder = new TextDecoder();
  for (let at = 0; at < source.bytes; at += PIECE_BYTES) {
    const fault = reader.accept(decoder.decode(readPiece(source.fd, at, PIECE_BYTES), { stream: true }));
    if (fault !== null) return fail(fault);
  }
  return reader.finish();
}

function problem(file: string, detail: string): AllocationFileError {
  return {
    code: "allocation-file",
    message: `${file} cannot be used: ${detail}. Nothing of it is shown; write the file again with memray or tracemalloc.`,
  };
}
