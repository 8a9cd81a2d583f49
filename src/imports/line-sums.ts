// Allocations summed up by line, while a file is read.

import type { AllocationLine, AllocationLinesReport } from "../model/allocation-lines-report.ts";

/** Lines of a report at most. */
export const MOST_LINES = 1000;

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly function: string | null;
}

interface Sum extends Place {
  bytes: number;
  blocks: number;
}

/** What a reader of one format found; the file's name is added by whoever opened it. */
export type ReadLines = Omit<AllocationLinesReport, "schema" | "file">;

export class LineSums {
  readonly #sums = new Map<string, Map<string, Sum>>();
  #bytes = 0;
  #blocks = 0;

  add(place: Place, bytes: number, blocks: number): void {
    const ofFile = this.#sums.get(place.file) ?? new Map<string, Sum>();
    this.#sums.set(place.file, ofFile);
    const key = `${place.line} ${place.function ?? ""}`;
    const sum = ofFile.get(key) ?? { ...place, bytes: 0, blocks: 0 };
    ofFile.set(key, sum);
    sum.bytes += bytes;
    sum.blocks += blocks;
    this.#bytes += bytes;
    this.#blocks += blocks;
  }

  /** Largest first, the rest counted. O(lines log lines). */
  finish(): Pick<ReadLines, "bytes" | "blocks" | "lines" | "rest"> {
    const all = [...this.#sums.values()].flatMap((ofFile) => [...ofFile.values()]);
    all.sort((a, b) => b.bytes - a.bytes || b.blocks - a.blocks || a.file.localeCompare(b.file) || a.line - b.line);
    const lines: readonly AllocationLine[] = all.slice(0, MOST_LINES);
    const rest = all.slice(MOST_LINES);
    return {
      bytes: this.#bytes,
      blocks: this.#blocks,
      lines,
      rest: {
        lines: rest.length,
        bytes: rest.reduce((sum, each) => sum + each.bytes, 0),
        blocks: rest.reduce((sum, each) => sum + each.blocks, 0),
      },
    };
  }
}
