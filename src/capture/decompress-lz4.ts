// Decodes LZ4 frames as a stream: blocks of at most 4 MiB, each allowed to refer to the 64 KiB before it.
// Why our own: docs/decisions/0003-compressed-cores.md. Frame and block formats:
// https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md.

import { createByteQueue, type ByteQueue } from "./decompress-byte-queue.ts";
import { createXxh32, xxh32 } from "./decompress-xxh32.ts";

const FRAME_MAGIC = 0x184d2204;
/** 0x184d2a50 to 0x184d2a5f: user data to skip. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const HISTORY_BYTES = 1 << 16;
const FLAG_INDEPENDENT_BLOCKS = 0x20;
const FLAG_BLOCK_CHECKSUMS = 0x10;
const FLAG_CONTENT_SIZE = 0x08;
const FLAG_CONTENT_CHECKSUM = 0x04;
const FLAG_DICTIONARY = 0x01;
const STORED_BLOCK = 0x80000000;
const MIN_MATCH = 4;
/** Up to here a loop is faster than a call into the engine. */
const SHORT_COPY = 32;

/** Thrown for data that is no valid LZ4; the message completes "its lz4 data is damaged: ...". */
export class Lz4Error extends Error {
  override readonly name = "Lz4Error";
}

interface FrameHeader {
  readonly flags: number;
  readonly blockBytes: number;
}

/** Yields the content block by block. A block is valid until the next one is asked for. */
export async function* decompressLz4(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const queue = createByteQueue(input);
  while (await queue.fill(1)) {
    const magic = await readU32(queue);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) await skip(queue, await readU32(queue));
    else if (magic === FRAME_MAGIC) yield* readFrame(queue);
    else throw new Lz4Error("a frame does not begin with its magic number");
  }
}

async function* readFrame(queue: ByteQueue): AsyncGenerator<Uint8Array> {
  const header = await readHeader(queue);
  const checksum = createXxh32();
  const window = new Uint8Array(HISTORY_BYTES + header.blockBytes);
  let history = 0;
  for (;;) {
    const sizeWord = await readU32(queue);
    if (sizeWord === 0) break;
    const end = await readBlock(queue, header, sizeWord, window, history);
    const block = window.subarray(HISTORY_BYTES, end);
    if (header.flags & FLAG_CONTENT_CHECKSUM) checksum.update(block);
    yield block;
    if (header.flags & FLAG_INDEPENDENT_BLOCKS) continue;
    window.copyWithin(
      HISTORY_BYTES - Math.min(HISTORY_BYTES, history + block.length),
      end - Math.min(HISTORY_BYTES, history + block.length),
      end,
    );
    history = Math.min(HISTORY_BYTES, history + block.length);
  }
  if (header.flags & FLAG_CONTENT_CHECKSUM && (await readU32(queue)) !== checksum.digest())
    throw new Lz4Error("the checksum of the content does not match");
}

async function readHeader(queue: ByteQueue): Promise<FrameHeader> {
  const [flags = 0, descriptor = 0] = await take(queue, 2);
  const extra = (flags & FLAG_CONTENT_SIZE ? 8 : 0) + (flags & FLAG_DICTIONARY ? 4 : 0);
  const tail = await take(queue, extra + 1);
  const stored = tail[extra];
  const expected = (xxh32(Uint8Array.of(flags, descriptor, ...tail.subarray(0, extra))) >>> 8) & 255;
  const sizeCode = (descriptor >>> 4) & 7;
  if (flags >>> 6 !== 1 || sizeCode < 4 || stored !== expected) throw new Lz4Error("a frame header is invalid");
  if (flags & FLAG_DICTIONARY) throw new Lz4Error("it was made with a dictionary");
  return { flags, blockBytes: 1 << (8 + 2 * sizeCode) };
}

/** Fills the window from HISTORY_BYTES on; answers where the block ends. */
async function readBlock(
  queue: ByteQueue,
  header: FrameHeader,
  sizeWord: number,
  window: Uint8Array,
  history: number,
): Promise<number> {
  const size = (sizeWord & ~STORED_BLOCK) >>> 0;
  if (size > header.blockBytes) throw new Lz4Error("a block is larger than its frame allows");
  const block = await take(queue, size);
  let end = HISTORY_BYTES + size;
  if ((sizeWord & STORED_BLOCK) === 0) end = decodeBlock(block, window, HISTORY_BYTES - history);
  else window.set(block, HISTORY_BYTES);
  if (header.flags & FLAG_BLOCK_CHECKSUMS) {
    const sum = xxh32(block);
    if ((await readU32(queue)) !== sum) throw new Lz4Error("the checksum of a block does not match");
  }
  return end;
}

/**
 * Sequences of: token (4 bits literal length, 4 bits match length), literals, 16-bit offset back, longer lengths in
 * bytes of 255. The last sequence has literals only. `oldest` is the first valid byte of the window.
 */
function decodeBlock(block: Uint8Array, window: Uint8Array, oldest: number): number {
  let at = 0;
  let out = HISTORY_BYTES;
  while (at < block.length) {
    const token = byteAt(block, at++);
    let literals = token >>> 4;
    if (literals === 15) {
      let more: number;
      do literals += more = byteAt(block, at++);
      while (more === 255);
    }
    if (at + literals > block.length || out + literals > window.length)
      throw new Lz4Error("literals run past the end of a block");
    copyLiterals(block, at, window, out, literals);
    at += literals;
    out += literals;
    if (at === block.length) break;
    const from = out - (byteAt(block, at) | (byteAt(block, at + 1) << 8));
    at += 2;
    let match = (token & 15) + MIN_MATCH;
    if ((token & 15) === 15) {
      let more: number;
      do match += more = byteAt(block, at++);
      while (more === 255);
    }
    if (from < oldest || from >= out || out + match > window.length)
      throw new Lz4Error("a block refers to bytes outside the window");
    out = copyMatch(window, from, out, match);
  }
  return out;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function copyLiterals(block: Uint8Array, at: number, window: Uint8Array, out: number, count: number): void {
  if (count > SHORT_COPY) window.set(block.subarray(at, at + count), out);
  else for (let i = 0; i < count; i++) window[out + i] = byteAt(block, at + i);
}

// A match may overlap what it produces ("aaaa" is one literal and offset 1): then it repeats, which copyWithin does not.
function copyMatch(window: Uint8Array, from: number, out: number, length: number): number {
  const end = out + length;
  const distance = out - from;
  if (distance >= length && length > SHORT_COPY) window.copyWithin(out, from, from + length);
  else if (distance === 1 && length > SHORT_COPY) window.fill(window[from] ?? 0, out, end);
  else for (let source = from, target = out; target < end; target++, source++) window[target] = window[source] ?? 0;
  return end;
}

async function readU32(queue: ByteQueue): Promise<number> {
  const bytes = await take(queue, 4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

async function take(queue: ByteQueue, count: number): Promise<Uint8Array> {
  if (!(await queue.fill(count))) throw new Lz4Error("the file ends in the middle of a frame");
  return queue.take(count);
}

async function skip(queue: ByteQueue, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1 << 16) await take(queue, Math.min(left, 1 << 16));
}
