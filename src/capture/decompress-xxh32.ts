// XXH32, the checksum inside LZ4 frames. https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md, section 2.

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;
const STRIPE = 16;

export interface Xxh32 {
  update(bytes: Uint8Array): void;
  digest(): number;
}

/** A running checksum with seed 0. */
export function createXxh32(): Xxh32 {
  const lanes = Int32Array.of(PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1);
  const rest = new Uint8Array(STRIPE);
  let restBytes = 0;
  let total = 0;
  return {
    update(bytes) {
      total += bytes.length;
      let at = 0;
      if (restBytes > 0) {
        at = Math.min(STRIPE - restBytes, bytes.length);
        rest.set(bytes.subarray(0, at), restBytes);
        restBytes += at;
        if (restBytes < STRIPE) return;
        consume(lanes, rest, 0, STRIPE);
      }
      const end = at + Math.floor((bytes.length - at) / STRIPE) * STRIPE;
      consume(lanes, bytes, at, end);
      rest.set(bytes.subarray(end));
      restBytes = bytes.length - end;
    },
    digest: () => finish(total >= STRIPE ? merge(lanes) : PRIME_5, total, rest.subarray(0, restBytes)),
  };
}

/** The checksum of bytes held in one piece. */
export function xxh32(bytes: Uint8Array): number {
  const state = createXxh32();
  state.update(bytes);
  return state.digest();
}

function consume(lanes: Int32Array, bytes: Uint8Array, start: number, end: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [a = 0, b = 0, c = 0, d = 0] = lanes;
  for (let at = start; at < end; at += STRIPE) {
    a = round(a, view.getInt32(at, true));
    b = round(b, view.getInt32(at + 4, true));
    c = round(c, view.getInt32(at + 8, true));
    d = round(d, view.getInt32(at + 12, true));
  }
  lanes.set([a, b, c, d]);
}

function round(lane: number, word: number): number {
  return Math.imul(rotate((lane + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

function merge(lanes: Int32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = lanes;
  return (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
}

function finish(start: number, total: number, rest: Uint8Array): number {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  let hash = (start + total) | 0;
  let at = 0;
  for (; at + 4 <= rest.length; at += 4)
    hash = Math.imul(rotate((hash + Math.imul(view.getInt32(at, true), PRIME_3)) | 0, 17), PRIME_4);
  for (; at < rest.length; at++)
    hash = Math.imul(rotate((hash + Math.imul(view.getUint8(at), PRIME_5)) | 0, 11), PRIME_1);
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
