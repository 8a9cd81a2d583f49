// Reads a snapshot file: frame, unpack, decode, in one pass. Needs the columns and the blocks in flight, touches nothing
// but the file, and answers anything that is not a sound snapshot with one error value.

import { type FileHandle, open, stat } from "node:fs/promises";
import { fail, type Result } from "../../base/result.ts";
import { columnBytes } from "../../heap/file/columns.ts";
import { SnapshotDecoder } from "../../heap/file/decode-snapshot.ts";
import {
  BLOCK_HEADER_BYTES,
  type BlockHeader,
  blockHeaderFault,
  decodeBlockHeader,
  decodeFileStart,
  FILE_START_BYTES,
  type FileHeader,
  isBlockIntact,
} from "../../heap/file/format.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import type { Progress } from "../../model/progress.ts";
import type { SnapshotFileError } from "../../model/target-error.ts";
import { crc32, unpackBlock } from "./block-codec.ts";
import { type MemoryReturn, openMemoryReturn } from "./memory-return.ts";
import { inOrder } from "./pipeline.ts";

export interface ReadOptions {
  readonly progress?: Progress;
}

export async function readSnapshotFile(
  path: string,
  options: ReadOptions = {},
): Promise<Result<Snapshot, SnapshotFileError>> {
  let handle: FileHandle | undefined;
  try {
    // Looked at before it is opened: opening a pipe would wait for somebody to write into it.
    const fileBytes = await sizeOfOrdinaryFile(path);
    if (typeof fileBytes === "string") return fail({ code: "not-readable", file: path, detail: fileBytes });
    handle = await open(path, "r");
    return await readFrom({ handle, path, fileBytes }, options.progress);
  } catch (error) {
    return fail(openError(path, error));
  } finally {
    await handle?.close();
  }
}

interface Source {
  readonly handle: FileHandle;
  readonly path: string;
  readonly fileBytes: number;
}

async function sizeOfOrdinaryFile(path: string): Promise<number | string> {
  const found = await stat(path);
  if (found.isDirectory()) return "it is a folder";
  return found.isFile() ? found.size : "it is not an ordinary file";
}

async function readFrom(source: Source, progress: Progress | undefined): Promise<Result<Snapshot, SnapshotFileError>> {
  const { handle, path, fileBytes } = source;
  const head = await readAt(handle, 0, Math.min(FILE_START_BYTES, fileBytes));
  const start = decodeFileStart(head, path, fileBytes, crc32);
  if (!start.ok) return start;
  const decoder = allocateDecoder(start.value.header);
  if (decoder === null)
    return fail({
      code: "not-readable",
      file: path,
      detail: `its columns need ${Math.ceil(columnBytes(start.value.header) / 2 ** 20)} MiB of memory, which this machine does not give`,
    });
  using memory = openMemoryReturn();
  const failed = await inOrder(
    storedBlocks(source, start.value.headerBytes),
    (piece) => unpack(piece, memory),
    (piece) => {
      const error = acceptPiece(decoder, piece, path);
      if (piece.kind === "block") {
        if (piece.raw !== null) memory.giveBack(piece.raw);
        progress?.({ phase: "reading snapshot", done: piece.endsAt, total: fileBytes, unit: "bytes" });
      }
      return error;
    },
  );
  if (failed !== null) return fail(failed);
  if (!decoder.isComplete)
    return fail({ code: "truncated", file: path, detail: `it ends after ${fileBytes} bytes, without its footer` });
  const snapshot = decoder.finish();
  return snapshot.ok ? snapshot : fail({ code: "corrupt", file: path, detail: snapshot.error });
}

function allocateDecoder(header: FileHeader): SnapshotDecoder | null {
  try {
    return new SnapshotDecoder(header);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What comes next in a file: a block, or the reason why there is none. */
type Piece<Block> =
  | ({ readonly kind: "block"; readonly header: BlockHeader; readonly endsAt: number } & Block)
  | Broken;
interface Broken {
  readonly kind: "broken";
  readonly code: "truncated" | "corrupt";
  readonly detail: string;
}

/** Every block up to the end of the file, its checksum verified. Where the frame is broken, a reason comes last. */
async function* storedBlocks(
  { handle, fileBytes }: Source,
  firstBlockAt: number,
): AsyncGenerator<Piece<{ stored: Uint8Array }>, void, undefined> {
  let at = firstBlockAt;
  for (let index = 0; at < fileBytes; index++) {
    const headerBytes = await readAt(handle, at, BLOCK_HEADER_BYTES);
    if (headerBytes.length < BLOCK_HEADER_BYTES) return yield cutOff(fileBytes, index);
    const header = decodeBlockHeader(headerBytes);
    const fault = blockHeaderFault(header, index);
    if (fault !== null) return yield { kind: "broken", code: "corrupt", detail: fault };
    const stored = await readAt(handle, at + BLOCK_HEADER_BYTES, header.storedLength);
    if (stored.length < header.storedLength) return yield cutOff(fileBytes, index);
    if (!isBlockIntact(headerBytes, stored, crc32))
      return yield { kind: "broken", code: "corrupt", detail: `block ${index} does not match its checksum` };
    at += BLOCK_HEADER_BYTES + header.storedLength;
    yield { kind: "block", header, stored, endsAt: at };
  }
}

function cutOff(fileBytes: number, index: number): Broken {
  return { kind: "broken", code: "truncated", detail: `it ends after ${fileBytes} bytes, inside block ${index}` };
}

/** Frees the stored bytes, unless they are the unpacked ones. */
async function unpack(
  piece: Piece<{ stored: Uint8Array }>,
  memory: MemoryReturn,
): Promise<Piece<{ raw: Uint8Array | null }>> {
  if (piece.kind === "broken") return piece;
  const { kind, header, endsAt, stored } = piece;
  const raw = await unpackBlock(header, stored);
  if (raw !== stored) memory.giveBack(stored);
  return { kind, header, endsAt, raw };
}

function acceptPiece(
  decoder: SnapshotDecoder,
  piece: Piece<{ raw: Uint8Array | null }>,
  file: string,
): SnapshotFileError | null {
  if (decoder.isComplete) return { code: "corrupt", file, detail: "something follows its footer" };
  if (piece.kind === "broken") return { code: piece.code, file, detail: piece.detail };
  const { section, index } = piece.header;
  if (piece.raw === null)
    return { code: "corrupt", file, detail: `block ${index} does not unpack to its announced length` };
  const fault = decoder.accept(section, piece.raw);
  return fault === null ? null : { code: "corrupt", file, detail: fault };
}

/** Up to `length` bytes; fewer only where the file ends. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "there is no permission to read it",
  EPERM: "there is no permission to read it",
  EIO: "the disk reports an error",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links go round in circles",
};

function openError(file: string, error: unknown): SnapshotFileError {
  if (!(error instanceof Error)) throw error;
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return { code: "not-found", file };
  if (typeof errno !== "number" || code === undefined) throw error;
  return { code: "not-readable", file, detail: REASONS[code] ?? error.message };
}
