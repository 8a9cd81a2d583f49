// Compression and checksums of blocks. Runs in libuv's thread pool, so a block is packed while the next one is encoded.
//
// Deflate, level 1: every language reads it, and it cannot expand more than 1032 times, which bounds what a hostile file
// can make us allocate. Levels 2 and 3 save 1 % and cost up to twice the time; brotli 1 is faster but has neither virtue.
// Figures: bench/method.md, "Snapshot file".

import { promisify } from "node:util";
import { crc32 as zlibCrc32, deflateRaw, inflateRaw } from "node:zlib";
import type { RawBlock } from "../../heap/file/encode-snapshot.ts";
import { type BlockHeader, CODEC_IDS, type Crc32, encodeBlockHeader } from "../../heap/file/format.ts";

const LEVEL = 1;
/** zlib takes memory for its output in pieces of the size asked for: one piece per block, and not of a shared buffer. */
const LEAST_CHUNK_BYTES = 1 << 14;

const deflate = promisify<Uint8Array, { level: number; chunkSize: number }, Buffer>(deflateRaw);
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
  const packed = await deflate(bytes, { level: LEVEL, chunkSize: Math.max(LEAST_CHUNK_BYTES, bytes.length) });
  const isSmaller = packed.length < bytes.length;
  const stored = isSmaller ? packed : bytes;
  const codec = isSmaller ? CODEC_IDS.deflate : CODEC_IDS.stored;
  return { header: encodeBlockHeader({ section, codec, index, rawLength: bytes.length }, stored, crc32), stored, packed };
}

/** The bytes before compression; null when the stored ones do not unpack to exactly the announced length. */
export async function unpackBlock(header: BlockHeader, stored: Uint8Array): Promise<Uint8Array | null> {
  if (header.codec === CODEC_IDS.stored) return stored;
  try {
    const maxOutputLength = Math.max(1, header.rawLength);
    const raw = await inflate(stored, { maxOutputLength, chunkSize: Math.max(LEAST_CHUNK_BYTES, header.rawLength) });
    return raw.length === header.rawLength ? raw : null;
  } catch {
    return null;
  }
}
