// `deadweight export --json`, and the words that its options take.

/** Formats of other people's viewers. */
export const HEAP_FORMAT_NAMES = ["heapsnapshot", "pprof", "speedscope", "collapsed", "dot", "csv", "html"] as const;
export type HeapFormatName = (typeof HEAP_FORMAT_NAMES)[number];

/** File endings that the viewers look for. */
export const FORMAT_ENDINGS: Readonly<Record<HeapFormatName, string>> = {
  heapsnapshot: "heapsnapshot",
  pprof: "pb.gz",
  speedscope: "speedscope.json",
  collapsed: "collapsed.txt",
  dot: "dot",
  csv: "csv",
  html: "html",
};

/** The tables that a CSV file can hold: one each, since a CSV file is one table. */
export const CSV_TABLES = ["holders", "types", "modules"] as const;
export type CsvTable = (typeof CSV_TABLES)[number];

export interface ExportReport {
  readonly schema: "deadweight/export@1";
  readonly format: HeapFormatName;
  /** "-" for standard output. */
  readonly file: string;
  readonly fileBytes: number;
  /** Objects of the heap it was made from. */
  readonly nodes: number;
  /** What opens the file. */
  readonly opensIn: string;
  readonly warnings: readonly string[];
}
