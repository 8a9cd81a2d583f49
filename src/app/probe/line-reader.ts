// Bytes of a stream in, whole lines out. The other end is a process that may be broken: no line grows without bound.

import { Buffer } from "node:buffer";

const NEWLINE = 0x0a;

export class LineReader {
  readonly #longestBytes: number;
  #parts: Buffer[] = [];
  #waitingBytes = 0;

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes;
  }

  /** The lines that are complete now, without their ends; null when a line is longer than allowed. */
  read(chunk: Buffer): readonly string[] | null {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      if (!this.#keep(chunk.subarray(from, end))) return null;
      lines.push(Buffer.concat(this.#parts).toString("utf8"));
      this.#parts = [];
      this.#waitingBytes = 0;
      from = end + 1;
    }
    return this.#keep(chunk.subarray(from)) ? lines : null;
  }

  #keep(part: Buffer): boolean {
    this.#waitingBytes += part.length;
    if (this.#waitingBytes > this.#longestBytes) return false;
    if (part.length > 0) this.#parts.push(part);
    return true;
  }
}
