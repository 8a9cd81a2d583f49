// `memray transform csv`: one row per stack, `function;file;line` most recent call first, joined by `|` (memray 1.20,
// memray/reporters/transform.py). Memory at the peak, or with --leaks what was left; the file does not say which.

import { ok, fail, type Result } from "../base/result.ts";
import { LineSums, type Place, type ReadLines } from "./line-sums.ts";

const HEADER = "allocator,num_allocations,size,tid,thread_name,stack_trace";
/** A row that is longer is none of memray: its stacks are limited. */
const MOST_ROW = 1 << 24;
const QUOTE = '"';

/** True when a file begins with memray's header. */
export function isMemrayCsv(start: string): boolean {
  return start.startsWith(HEADER);
}

/** Takes the text in pieces of any length. */
export class MemrayCsvReader {
  readonly #sums = new LineSums();
  #begun = "";
  #rows = 0;

  /** Null, or what is wrong, as the end of a sentence. */
  accept(piece: string): string | null {
    const text = this.#begun + piece;
    let from = 0;
    for (let end = rowEnd(text, from); end >= 0; end = rowEnd(text, from)) {
      const fault = this.#acceptRow(text.slice(from, end));
      if (fault !== null) return fault;
      from = end + 1;
    }
    this.#begun = text.slice(from);
    return this.#begun.length > MOST_ROW ? `row ${this.#rows + 1} is longer than any row can be` : null;
  }

  finish(): Result<ReadLines, string> {
    const fault = this.#begun === "" ? null : this.#acceptRow(this.#begun);
    if (fault !== null) return fail(fault);
    return ok({
      ...this.#sums.finish(),
      tool: "memray",
      kept: "peak-or-left",
      isComplete: true,
      warnings: [
        "memray writes the peak, or with --leaks what was left at the end; the file does not say which of them it is.",
      ],
    });
  }

  #acceptRow(text: string): string | null {
    this.#rows += 1;
    const row = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (row === "" || (this.#rows === 1 && row === HEADER)) return null;
    const cells = cellsOf(row);
    const [, blocks, bytes, , , stack] = cells;
    if (cells.length !== 6 || !isAmount(blocks) || !isAmount(bytes)) return `row ${this.#rows} is none of memray`;
    this.#sums.add(placeOf(stack ?? ""), Number(bytes), Number(blocks));
    return null;
  }
}

function isAmount(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,15}$/.test(text);
}

function placeOf(stack: string): Place {
  const newest = stack.split("|", 1)[0] ?? "";
  const [, name = null, file = newest, line = "0"] = /^(.*?);(.*);(\d+)$/s.exec(newest) ?? [];
  return { function: name, file: file === "" ? "?" : file, line: Number(line) };
}

/** A line feed that is not in quotes; -1 when the row has not ended. */
function rowEnd(text: string, from: number): number {
  let end = text.indexOf("\n", from);
  while (end >= 0 && quotesIn(text, from, end) % 2 === 1) end = text.indexOf("\n", end + 1);
  return end;
}

function quotesIn(text: string, from: number, end: number): number {
  let quotes = 0;
  for (let at = text.indexOf(QUOTE, from); at >= 0 && at < end; at = text.indexOf(QUOTE, at + 1)) quotes += 1;
  return quotes;
}

/** RFC 4180. */
function cellsOf(row: string): string[] {
  return Array.from(row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', QUOTE),
  );
}
