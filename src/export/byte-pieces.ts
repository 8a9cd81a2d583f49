// Text and numbers into pieces of bytes of even size. A heap of millions of objects is hundreds of megabytes of digits: they
// are written as bytes, and no string of the whole is ever made (V8 ends at half a gigabyte, and the machine long before).

const PIECE_BYTES = 1 << 18;
/** The longest number: 16 digits, a sign, a separator. */
const LONGEST_NUMBER = 20;

const encoder = new TextEncoder();

/** Collects what is written; `take` gives full pieces away. */
export class BytePieces {
  #bytes = new Uint8Array(PIECE_BYTES);
  #length = 0;
  readonly #full: Uint8Array[] = [];

  text(text: string): void {
    const bytes = encoder.encode(text);
    if (bytes.length > PIECE_BYTES - this.#length) this.#turn();
    if (bytes.length > PIECE_BYTES) this.#full.push(bytes);
    else {
      this.#bytes.set(bytes, this.#length);
      this.#length += bytes.length;
    }
  }

  /** A whole number from 0 to 2^53, in decimal. */
  number(value: number): void {
    if (PIECE_BYTES - this.#length < LONGEST_NUMBER) this.#turn();
    let rest = value;
    let end = this.#length + digitsOf(value);
    this.#length = end;
    do {
      const tenth = Math.floor(rest / 10);
      this.#bytes[--end] = 48 + (rest - tenth * 10);
      rest = tenth;
    } while (rest > 0);
  }

  /** One ASCII character. */
  byte(code: number): void {
    if (this.#length === PIECE_BYTES) this.#turn();
    this.#bytes[this.#length++] = code;
  }

  /** The pieces that are full by now. */
  take(): readonly Uint8Array[] {
    return this.#full.splice(0);
  }

  /** Everything that is left. */
  finish(): readonly Uint8Array[] {
    this.#turn();
    return this.take();
  }

  #turn(): void {
    if (this.#length > 0) this.#full.push(this.#bytes.subarray(0, this.#length));
    this.#bytes = new Uint8Array(PIECE_BYTES);
    this.#length = 0;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits += 1;
  return digits;
}
