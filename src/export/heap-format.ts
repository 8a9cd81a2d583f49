// What every export is: a name, and a function from a heap to the bytes of a file, piece by piece.

import type { Result } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import type { CsvTable, HeapFormatName } from "../model/export-report.ts";

/** What the user asked for beside the format; a format reads what it needs. */
export interface ExportOptions {
  /** What the heap is called: a file or a process. */
  readonly name: string;
  readonly toolVersion: string;
  /** What a neighbourhood is drawn around; null: the largest objects. */
  readonly around: string | null;
  /** Most objects in a drawing, most rows in a table. */
  readonly limit: number;
  readonly table: CsvTable;
}

/** Pieces of a file, in order; none is kept once it is asked for the next. */
export type Pieces = Iterable<Uint8Array>;

export interface HeapFormat {
  readonly name: HeapFormatName;
  /** Whether the bytes are to be gzipped on their way to the file. */
  readonly gzip: boolean;
  /** What opens such a file, in a sentence. */
  readonly opensIn: string;
  /** Fails with a sentence when there is nothing that `options` name. */
  readonly write: (heap: HeapAnalysis, options: ExportOptions) => Result<Pieces, string>;
}
