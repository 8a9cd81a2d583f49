// Lines of JSON cut into blocks and put together again. A line may cross block borders; it never makes a block larger.

import type { Parse } from "./json-shape.ts";

/** A row that is longer than this is no row: it would need more memory than reading is allowed to take. */
export const MAX_LINE_BYTES: number = 16 << 20;

const LINE_FEED = 0x0a;

/** Collects the lines of one section, block by block. */
export class LineReader<Row> {
  readonly #parse: Parse<Row>;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #begun = new Uint8Array(0);
  readonly rows: Row[] = [];

  constructor(parse: Parse<Row>) {
    this.#parse = parse;
  }

  /** True when the last line was complete. */
  get isComplete(): boolean {
    return this.#begun.length === 0;
  }

  /** Takes the next block; returns what is wrong with it, or null. */
  accept(block: Uint8Array): string | null {
    const end = block.lastIndexOf(LINE_FEED) + 1;
    const begun = this.#begun;
    if (end === 0) {
      this.#begun = concatenate(begun, block);
      return this.#begun.length > MAX_LINE_BYTES ? "a row is longer than any row can be" : null;
    }
    this.#begun = new Uint8Array(block.subarray(end)); // a copy: `slice` of a Buffer would be a view
    return this.#acceptLines(concatenate(begun, block.subarray(0, end)));
  }

  #acceptLines(bytes: Uint8Array): string | null {
    try {
      for (const line of this.#decoder.decode(bytes).split("\n").slice(0, -1)) {
        const row = this.#parse(JSON.parse(line));
        if (row === undefined) return `row ${this.rows.length} has an unexpected shape`;
        this.rows.push(row);
      }
      return null;
    } catch {
      return `row ${this.rows.length} or the next ones are not UTF-8 or not JSON`;
    }
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
