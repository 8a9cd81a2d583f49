// The frame of a heap stream written from inside: magic, block headers, the columns of a block of objects. Byte for byte in
// docs/snapshot-inside.md; the writer is python/src/deadweight/_heap_stream.py.

/** `\x89DWHEAP\n`, then the version as eight bytes. */
export const INSIDE_MAGIC: Uint8Array = Uint8Array.of(0x89, 0x44, 0x57, 0x48, 0x45, 0x41, 0x50, 0x0a);
export const INSIDE_VERSION = 1;
export const INSIDE_START_BYTES = 16;
export const INSIDE_BLOCK_HEADER_BYTES = 32;

export const INSIDE_BLOCKS = { lines: 1, nodes: 2, texts: 3, end: 255 } as const;

export interface InsideBlockHeader {
  readonly kind: number;
  readonly rows: number;
  readonly edges: number;
  /** Bytes that follow. */
  readonly length: number;
}

/** A block of objects; the columns are views of its bytes. */
export interface NodeBlock {
  readonly rows: number;
  readonly address: Float64Array;
  readonly size: Float64Array;
  /** As the interpreter counts; every one too large by what the writer itself held. */
  readonly refcount: Float64Array;
  /** Addresses; those of the first object first. */
  readonly target: Float64Array;
  readonly type: Uint32Array;
  readonly shape: Uint32Array;
  readonly degree: Uint32Array;
}

/** Null when the bytes do not begin as a heap stream of a version we read. */
export function insideVersion(start: Uint8Array): number | null {
  if (start.length < INSIDE_START_BYTES || INSIDE_MAGIC.some((byte, at) => start[at] !== byte)) return null;
  return new DataView(start.buffer, start.byteOffset).getUint32(INSIDE_MAGIC.length, true);
}

export function decodeInsideHeader(bytes: Uint8Array): InsideBlockHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  return { kind: number(0), rows: number(8), edges: number(16), length: number(24) };
}

const BYTES_PER_ROW = 8 * 3 + 4 * 3;

/** Null when a block of objects does not have the length that its rows take. */
export function decodeNodes({ rows, edges }: InsideBlockHeader, bytes: Uint8Array): NodeBlock | null {
  if (bytes.length !== rows * BYTES_PER_ROW + edges * 8) return null;
  const halves = rows * 24 + edges * 8;
  return {
    rows,
    address: wideNumbers(bytes, 0, rows),
    size: wideNumbers(bytes, rows * 8, rows),
    refcount: wideNumbers(bytes, rows * 16, rows),
    target: wideNumbers(bytes, rows * 24, edges),
    type: numbers(bytes, halves, rows),
    shape: numbers(bytes, halves + rows * 4, rows),
    degree: numbers(bytes, halves + rows * 8, rows),
  };
}

/** Texts of a block: their addresses, and where each lies in `bytes`. */
export interface TextBlock {
  readonly address: Float64Array;
  readonly length: Uint32Array;
  readonly utf8: Uint8Array;
}

export function decodeTextBlock({ rows }: InsideBlockHeader, bytes: Uint8Array): TextBlock | null {
  if (bytes.length < rows * 12) return null;
  const length = numbers(bytes, rows * 8, rows);
  const utf8 = bytes.subarray(rows * 12);
  const total = length.reduce((sum, each) => sum + each, 0);
  return total === utf8.length ? { address: wideNumbers(bytes, 0, rows), length, utf8 } : null;
}

/** Copied: a block need not lie on a multiple of eight. Exact below 2^53; more is no address and no size. */
function wideNumbers(bytes: Uint8Array, from: number, count: number): Float64Array {
  const halves = numbers(bytes, from, count * 2);
  const found = new Float64Array(count);
  for (let i = 0; i < count; i++) found[i] = halves[i * 2]! + halves[i * 2 + 1]! * 2 ** 32;
  return found;
}

function numbers(bytes: Uint8Array, from: number, count: number): Uint32Array {
  const copy = bytes.slice(from, from + count * 4);
  return new Uint32Array(copy.buffer, copy.byteOffset, count);
}
