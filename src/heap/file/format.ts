// The frame of a `.dwsnap` file: file header, block headers, section numbers. Byte for byte in docs/formats/snapshot.md.
// Not here: what is inside the blocks (the column and row files beside this one) and how blocks are compressed (app).

import { fail, ok, type Result } from "../../base/result.ts";
import type { SnapshotFileError } from "../../model/target-error.ts";
import { describeForeignFile } from "./foreign-file.ts";

/** The first byte is not ASCII, the last is a line feed: transfers that rewrite text files break the magic. */
export const MAGIC: Uint8Array = Uint8Array.of(0x89, 0x44, 0x57, 0x53, 0x4e, 0x41, 0x50, 0x0a);
/** A reader refuses other majors; see "Versions" in docs/formats/snapshot.md. */
export const FORMAT_MAJOR = 1;
export const FORMAT_MINOR = 0;

export const FILE_HEADER_BYTES = 44;
export const BLOCK_HEADER_BYTES = 20;
/** Most bytes a block may hold before compression. */
export const MAX_BLOCK_BYTES: number = 1 << 20;
/** Edge deltas are zigzagged into 32 bits with one code to spare. */
export const MAX_NODES: number = 1 << 30;

const MAX_FILE_HEADER_BYTES = 4096;
/** Deflate cannot expand more than this; what a header announces beyond it is a lie. */
const MAX_EXPANSION = 1032;
const VALUES_FLAG = 1;

/** Sections in the order they have in a file. A reader skips numbers it does not know. */
export const SECTION_IDS = {
  meta: 1,
  types: 2,
  roots: 3,
  threads: 4,
  frames: 5,
  codes: 6,
  lruCaches: 7,
  addressHigh: 8,
  addressLow: 16,
  nodeType: 17,
  shallowBytes: 18,
  outDegree: 19,
  edgeTarget: 20,
  edgeLabel: 21,
  excess: 22,
  texts: 23,
  textBytes: 24,
  end: 255,
} as const;
export type SectionName = keyof typeof SECTION_IDS;

export const CODEC_IDS = { stored: 0, deflate: 1 } as const;

export type Crc32 = (bytes: Uint8Array, seed?: number) => number;

/** What must be known before the first column is allocated. */
export interface FileHeader {
  readonly values: boolean;
  readonly nodes: number;
  readonly edges: number;
  readonly excess: number;
  readonly texts: number;
  readonly textBytes: number;
}

export interface BlockHeader {
  readonly section: number;
  readonly codec: number;
  /** Position of the block in the file, from 0. */
  readonly index: number;
  readonly rawLength: number;
  readonly storedLength: number;
}

export function encodeFileHeader(header: FileHeader, crc32: Crc32): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(8, FORMAT_MAJOR, true);
  view.setUint16(10, FORMAT_MINOR, true);
  view.setUint32(12, FILE_HEADER_BYTES, true);
  view.setUint32(16, header.values ? VALUES_FLAG : 0, true);
  view.setUint32(20, header.nodes, true);
  view.setUint32(24, header.edges, true);
  view.setUint32(28, header.excess, true);
  view.setUint32(32, header.texts, true);
  view.setUint32(36, header.textBytes, true);
  view.setUint32(40, crc32(bytes.subarray(0, 40)), true);
  return bytes;
}

/** A file header and where the first block begins. */
export interface FileStart {
  readonly header: FileHeader;
  readonly headerBytes: number;
}

/** Longest prefix of a file that `decodeFileStart` may look at. */
export const FILE_START_BYTES: number = MAX_FILE_HEADER_BYTES;

/** Reads the beginning of a file: says what it is when it is not a snapshot, and refuses sizes the file cannot hold. */
export function decodeFileStart(
  start: Uint8Array,
  file: string,
  fileBytes: number,
  crc32: Crc32,
): Result<FileStart, SnapshotFileError> {
  if (!startsWithMagic(start)) return fail(foreignOrTruncated(start, file));
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (start.length < 16)
    return fail({ code: "truncated", file, detail: `it ends after ${fileBytes} bytes, inside its header` });
  const major = view.getUint16(8, true);
  if (major > FORMAT_MAJOR) return fail({ code: "newer-format", file, version: major, supported: FORMAT_MAJOR });
  const headerBytes = view.getUint32(12, true);
  if (major < 1 || headerBytes < FILE_HEADER_BYTES || headerBytes > MAX_FILE_HEADER_BYTES)
    return fail({ code: "corrupt", file, detail: "the header names an impossible version or length" });
  if (start.length < headerBytes)
    return fail({ code: "truncated", file, detail: `it ends after ${fileBytes} bytes, inside its header` });
  const crcAt = headerBytes - 4;
  if (crc32(start.subarray(0, crcAt)) !== view.getUint32(crcAt, true))
    return fail({ code: "corrupt", file, detail: "the header does not match its checksum" });
  const header: FileHeader = {
    values: (view.getUint32(16, true) & VALUES_FLAG) !== 0,
    nodes: view.getUint32(20, true),
    edges: view.getUint32(24, true),
    excess: view.getUint32(28, true),
    texts: view.getUint32(32, true),
    textBytes: view.getUint32(36, true),
  };
  if (header.nodes < 1 || header.nodes > MAX_NODES)
    return fail({ code: "corrupt", file, detail: `the header announces ${header.nodes} objects` });
  if (!fitsInto(header, fileBytes))
    return fail({
      code: "truncated",
      file,
      detail: `it ends after ${fileBytes} bytes, which cannot hold the ${header.nodes} objects and ${header.edges} references that its header announces`,
    });
  return ok({ header, headerBytes });
}

/** Bytes before compression that a file with this header has at least: no row takes less than a byte per column. */
function fitsInto(header: FileHeader, fileBytes: number): boolean {
  const leastBytes = header.nodes * 4 + header.edges + header.excess * 2 + header.texts * 2 + header.textBytes;
  return leastBytes <= fileBytes * MAX_EXPANSION;
}

function startsWithMagic(start: Uint8Array): boolean {
  return start.length >= MAGIC.length && MAGIC.every((byte, at) => start[at] === byte);
}

function foreignOrTruncated(start: Uint8Array, file: string): SnapshotFileError {
  const isCutMagic = start.length > 0 && start.length < MAGIC.length && start.every((byte, at) => MAGIC[at] === byte);
  return isCutMagic
    ? { code: "truncated", file, detail: `it ends after ${start.length} bytes, inside its header` }
    : { code: "not-a-snapshot", file, seen: describeForeignFile(start) };
}

/** Header of a block whose stored bytes are `stored`; the checksum covers both. */
export function encodeBlockHeader(
  header: Omit<BlockHeader, "storedLength">,
  stored: Uint8Array,
  crc32: Crc32,
): Uint8Array {
  const bytes = new Uint8Array(BLOCK_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = header.section;
  bytes[1] = header.codec;
  view.setUint32(4, header.index, true);
  view.setUint32(8, header.rawLength, true);
  view.setUint32(12, stored.length, true);
  view.setUint32(16, crc32(stored, crc32(bytes.subarray(0, 16))), true);
  return bytes;
}

export function decodeBlockHeader(bytes: Uint8Array): BlockHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    section: view.getUint8(0),
    codec: view.getUint8(1),
    index: view.getUint32(4, true),
    rawLength: view.getUint32(8, true),
    storedLength: view.getUint32(12, true),
  };
}

/** What is wrong with a block header on its own, before its bytes are read; null when nothing is. */
export function blockHeaderFault(header: BlockHeader, expectedIndex: number): string | null {
  if (header.index !== expectedIndex) return `block ${expectedIndex} calls itself ${header.index}`;
  if (header.codec !== CODEC_IDS.stored && header.codec !== CODEC_IDS.deflate)
    return `block ${expectedIndex} is packed in an unknown way (${header.codec})`;
  if (header.rawLength > MAX_BLOCK_BYTES || header.storedLength > header.rawLength)
    return `block ${expectedIndex} has an impossible length`;
  if (header.codec === CODEC_IDS.stored && header.storedLength !== header.rawLength)
    return `block ${expectedIndex} has an impossible length`;
  return null;
}

/** True when the checksum in a block's header fits the header and the stored bytes. */
export function isBlockIntact(headerBytes: Uint8Array, stored: Uint8Array, crc32: Crc32): boolean {
  const view = new DataView(headerBytes.buffer, headerBytes.byteOffset, headerBytes.byteLength);
  return crc32(stored, crc32(headerBytes.subarray(0, 16))) === view.getUint32(16, true);
}
