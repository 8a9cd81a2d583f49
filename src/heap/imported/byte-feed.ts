// Reads big-endian values one after another from a file that is not in memory. What is beyond its end is a cut file.

/** Reads up to `length` bytes at `position`; fewer only where the file ends. */
export type ReadAt = (position: number, length: number) => Uint8Array;

/** Thrown where a value reaches beyond the end of the file; `PyheapReader` makes a value of it. */
export class EndOfFile extends Error {}

const WINDOW_BYTES = 1 << 20;
const HIGH_WORD = 2 ** 32;
const decoder = new TextDecoder();

export class ByteFeed {
  readonly #read: ReadAt;
  #window: DataView;
  #windowAt = 0;
  #at = 0;

  constructor(read: ReadAt) {
    this.#read = read;
    this.#window = new DataView(new ArrayBuffer(0));
  }

  /** Bytes from the beginning of the file. */
  get position(): number {
    return this.#windowAt + this.#at;
  }

  u8(): number {
    return this.#window.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#window.getUint16(this.#take(2));
  }

  i16(): number {
    return this.#window.getInt16(this.#take(2));
  }

  u32(): number {
    return this.#window.getUint32(this.#take(4));
  }

  /** Exact up to 2^53, which no address and no size exceeds. */
  u64(): number {
    const at = this.#take(8);
    return this.#window.getUint32(at) * HIGH_WORD + this.#window.getUint32(at + 4);
  }

  text(length: number): string {
    const at = this.#take(length);
    const { buffer, byteOffset } = this.#window;
    return decoder.decode(new Uint8Array(buffer, byteOffset + at, length));
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    if (this.#at + length > this.#window.byteLength) this.#refill(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }

  #refill(length: number): void {
    const position = this.position;
    const bytes = this.#read(position, Math.max(WINDOW_BYTES, length));
    if (bytes.length < length) throw new EndOfFile();
    this.#window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#windowAt = position;
    this.#at = 0;
  }
}
