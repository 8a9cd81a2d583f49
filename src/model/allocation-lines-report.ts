// `deadweight lines FILE --json`: where memory was allocated, by line, as a file of memray or tracemalloc says it.

/** Which allocations the file is about. */
export type AllocationsKept =
  /** Memory that was there when the file was written. */
  | "alive"
  /** Memory at its peak, or what was left at the end: the file does not say which. */
  | "peak-or-left"
  /** All that was allocated, freed or not. */
  | "all";

export interface AllocationLine {
  readonly file: string;
  readonly line: number;
  /** Null where the file does not say. */
  readonly function: string | null;
  /** Null where the file counts blocks of other lines only. */
  readonly bytes: number | null;
  readonly blocks: number | null;
}

export interface AllocationLinesReport {
  readonly schema: "deadweight/allocation-lines@1";
  readonly tool: "tracemalloc" | "memray";
  readonly file: string;
  readonly kept: AllocationsKept;
  /** Of all lines, also of those that the file leaves out. */
  readonly bytes: number;
  readonly blocks: number;
  /** Largest first. */
  readonly lines: readonly AllocationLine[];
  /** Lines that are known and not listed. */
  readonly rest: { readonly lines: number; readonly bytes: number; readonly blocks: number };
  /** False: the file names the largest lines only. */
  readonly isComplete: boolean;
  readonly warnings: readonly string[];
}
