// Bytes in, bytes out: a cursor over a block with LEB128 varints, seven bits a byte, lowest first.

/** Longest varint of a 32-bit value. */
export const MAX_VARINT_BYTES = 5;
/** Longest varint of a whole number below 2^53. */
export const MAX_WIDE_VARINT_BYTES = 8;

const HIGH_BIT = 0x80;

/** Appends to a buffer that the caller made large enough; `room` says how much is left. */
export class ByteWriter {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get room(): number {
    return this.#bytes.length - this.#position;
  }

  /** What was written so far; a view, not a copy. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#position);
  }

  byte(value: number): void {
    this.#bytes[this.#position++] = value;
  }

  /** Copies as much of `source` as fits and returns how much that was. */
  copy(source: Uint8Array): number {
    const part = source.length <= this.room ? source : source.subarray(0, this.room);
    this.#bytes.set(part, this.#position);
    this.#position += part.length;
    return part.length;
  }

  /** Any 32-bit value, read as unsigned. */
  varint(value: number): void {
    let rest = value >>> 0;
    while (rest >= HIGH_BIT) {
      this.#bytes[this.#position++] = (rest & 0x7f) | HIGH_BIT;
      rest >>>= 7;
    }
    this.#bytes[this.#position++] = rest;
  }

  /** Any whole number from 0 below 2^53. */
  wideVarint(value: number): void {
    let rest = value;
    while (rest >= HIGH_BIT) {
      this.#bytes[this.#position++] = (rest % HIGH_BIT) | HIGH_BIT;
      rest = Math.floor(rest / HIGH_BIT);
    }
    this.#bytes[this.#position++] = rest;
  }
}

/**
 * Reads a block that may be damaged. Reading past the end yields zeros and leaves `position` beyond `length`, so that
 * loops need one check after the last row and none inside.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly length: number;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  byte(): number {
    return this.#bytes[this.position++]! | 0;
  }

  /** Everything from the cursor on, at most `limit` bytes. */
  take(limit: number): Uint8Array {
    const part = this.#bytes.subarray(this.position, this.position + limit);
    this.position += part.length;
    return part;
  }

  /** 32 bits; higher bits of an overlong varint are dropped. */
  varint(): number {
    const first = this.#bytes[this.position++]! | 0;
    return first < HIGH_BIT ? first : this.#longVarint(first & 0x7f);
  }

  #longVarint(lowest: number): number {
    let value = lowest;
    for (let shift = 7; shift < 35; shift += 7) {
      const next = this.#bytes[this.position++]! | 0;
      value |= (next & 0x7f) << shift;
      if (next < HIGH_BIT) break;
    }
    return value >>> 0;
  }

  /** Up to 2^56; the caller checks for a safe integer where it matters. */
  wideVarint(): number {
    const first = this.#bytes[this.position++]! | 0;
    return first < HIGH_BIT ? first : this.#longWideVarint(first & 0x7f);
  }

  #longWideVarint(lowest: number): number {
    let value = lowest;
    let scale = HIGH_BIT;
    for (let count = 1; count < MAX_WIDE_VARINT_BYTES; count++) {
      const next = this.#bytes[this.position++]! | 0;
      value += (next & 0x7f) * scale;
      if (next < HIGH_BIT) break;
      scale *= HIGH_BIT;
    }
    return value;
  }
}

/** Small magnitudes of either sign become small unsigned values: 0, -1, 1, -2 -> 0, 1, 2, 3. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
