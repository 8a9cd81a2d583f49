// Compression and checksums of blocks. Runs in libuv's thread pool, so a block is packed while the next one is encoded.
//
// Deflate, level 1: every language reads it without a package, and it cannot expand more than 1032 times, which bounds
// what a hostile file can make us allocate. Levels 2 and 3 save 2-3 % for 10-45 % more time. Brotli 1 is as small and
// packs three times as fast, but has neither virtue.
// Figures: bench/method.md, "Snapshot file".

import { promisify } from "node:util";
import { crc32 as zlibCrc32, createDeflateRaw, inflateRaw } from "node:zlib";
import type { RawBlock } from "../../heap/file/encode-snapshot.ts";
import { type BlockHeader, CODEC_IDS, type Crc32, encodeBlockHeader } from "../../heap/file/format.ts";

const LEVEL = 1;
/** zlib takes memory for its output in pieces of the size asked for, and another piece when one is full to the brim. */
const SPARE_BYTES = 1 << 16;

const inflate = promisify<Uint8Array, { maxOutputLength: number; chunkSize: number }, Buffer>(inflateRaw);

export const crc32: Crc32 = (bytes, seed) => zlibCrc32(bytes, seed);

/** A block as it stands in the file. */
export interface StoredBlock {
  readonly header: Uint8Array;
  readonly stored: Uint8Array;
  /** Memory made for this block: nobody else uses it. */
  readonly packed: Uint8Array;
}

export async function packBlock(block: RawBlock, index: number): Promise<StoredBlock> {
  const { section, bytes } = block;
  const packed = await deflate(bytes);
  const isSmaller = packed.length < bytes.length;
  const stored = isSmaller ? packed : bytes;
  const codec = isSmaller ? CODEC_IDS.deflate : CODEC_IDS.stored;
  return {
    header: encodeBlockHeader({ section, codec, index, rawLength: bytes.length }, stored, crc32),
    stored,
    packed,
  };
}

/** Not `deflateRaw`: that copies the pieces of its output together and leaves the memory they were in to the collector. */
async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = createDeflateRaw({ level: LEVEL, chunkSize: bytes.length + SPARE_BYTES });
  stream.end(bytes);
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return joined(pieces);
}

/** Pieces that lie side by side as one view of their memory; a copy only if they do not. */
function joined(pieces: readonly Buffer[]): Uint8Array {
  const [first] = pieces;
  let end = first?.byteOffset ?? 0;
  for (const piece of pieces) {
    if (piece.buffer !== first?.buffer || piece.byteOffset !== end) return Buffer.concat(pieces);
    end += piece.length;
  }
  return first === undefined
    ? new Uint8Array(0)
    : new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}

/** The bytes before compression; null when the stored ones do not unpack to exactly the announced length. */
export async function unpackBlock(header: BlockHeader, stored: Uint8Array): Promise<Uint8Array | null> {
  if (header.codec === CODEC_IDS.stored) return stored;
  try {
    const maxOutputLength = Math.max(1, header.rawLength);
    const raw = await inflate(stored, { maxOutputLength, chunkSize: header.rawLength + SPARE_BYTES });
    return raw.length === header.rawLength ? raw : null;
  } catch {
    return null;
  }
}
