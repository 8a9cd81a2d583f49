// Memory that is touched for the first time costs more than what a kernel does with it (measured: 0.5 ns per byte, mapped
// page by page). Kernels therefore take their temporaries from memory the caller has finished with, where offered.

/** Hands out pieces of one buffer, and fresh memory when it is used up. Pieces of the buffer hold what was there before. */
export class Scratch {
  readonly #buffer: ArrayBufferLike | undefined;
  #used = 0;

  constructor(buffer: ArrayBufferLike | undefined) {
    this.#buffer = buffer;
  }

  /** An array of any content; every entry must be written before it is read. */
  dirty(length: number): Int32Array {
    const bytes = length * Int32Array.BYTES_PER_ELEMENT;
    if (this.#buffer === undefined || this.#used + bytes > this.#buffer.byteLength) return new Int32Array(length);
    const piece = new Int32Array(this.#buffer, this.#used, length);
    this.#used += bytes;
    return piece;
  }

  /** An array of zeros. */
  clean(length: number): Int32Array {
    return this.dirty(length).fill(0);
  }
}
