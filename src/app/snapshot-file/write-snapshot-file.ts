// Writes a snapshot to a file: encode, pack, frame, in one pass. Needs no more memory than the blocks in flight.

import { invariant } from "../../base/invariant.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { encodeSnapshot, headerOf, type TakeBuffer } from "../../heap/file/encode-snapshot.ts";
import { encodeFileHeader, type FileHeader, MAX_BLOCK_BYTES } from "../../heap/file/format.ts";
import { snapshotFault } from "../../heap/file/snapshot-fault.ts";
import type { Snapshot } from "../../heap/snapshot.ts";
import type { Progress } from "../../model/progress.ts";
import type { SnapshotFileError } from "../../model/target-error.ts";
import { type CreateFile, createFile, type OutputFile, writeAtomically } from "./atomic-file.ts";
import { crc32, packBlock } from "./block-codec.ts";
import { openMemoryReturn } from "./memory-return.ts";
import { DEPTH, inOrder } from "./pipeline.ts";

export interface WriteOptions {
  readonly progress?: Progress;
  readonly create?: CreateFile;
}

/** What a written file is. */
export interface WrittenFile {
  readonly fileBytes: number;
}

/**
 * Writes `snapshot` to `path`, replacing what is there only when all of it is on the disk. The file is readable by its
 * owner alone. The same snapshot gives the same bytes.
 */
export async function writeSnapshotFile(
  snapshot: Snapshot,
  path: string,
  options: WriteOptions = {},
): Promise<Result<WrittenFile, SnapshotFileError>> {
  const fault = snapshotFault(snapshot);
  invariant(fault === null, `a snapshot may not be written: ${fault}`);
  const written = await writeAtomically(
    path,
    (file) => writeTo(file, snapshot, options.progress),
    options.create ?? createFile,
  );
  return written.ok
    ? ok({ fileBytes: written.value })
    : fail({ code: "not-writable", file: path, detail: written.error });
}

async function writeTo(file: OutputFile, snapshot: Snapshot, progress: Progress | undefined): Promise<number> {
  const header = headerOf(snapshot);
  const start = encodeFileHeader(header, crc32);
  await file.write(start);
  const report = rowProgress(header, progress);
  let fileBytes = start.length;
  using memory = openMemoryReturn();
  await inOrder(
    encodeSnapshot(snapshot, ringOfBuffers()),
    async (block, index) => ({ ...(await packBlock(block, index)), rows: block.rows }),
    async ({ header: frame, stored, packed, rows }) => {
      await file.write(frame);
      await file.write(stored);
      fileBytes += frame.length + stored.length;
      memory.giveBack(packed);
      report(rows);
      return null;
    },
  );
  return fileBytes;
}

/** A block's memory is used again when the block is certain to be in the file: DEPTH in flight and one being filled. */
function ringOfBuffers(): TakeBuffer {
  const ring: Uint8Array[] = [];
  return () => {
    const buffer = (ring.length > DEPTH ? ring.shift() : undefined) ?? new Uint8Array(MAX_BLOCK_BYTES);
    ring.push(buffer);
    return buffer;
  };
}

/** Rows of all columns, told as the share of objects that is written. */
function rowProgress(header: FileHeader, progress: Progress | undefined): (rows: number) => void {
  const total = header.nodes;
  const allRows = header.nodes * 4 + header.edges * 2 + header.excess + header.texts + header.textBytes;
  let seen = 0;
  return (rows) => {
    seen += rows;
    progress?.({
      phase: "writing snapshot",
      done: Math.min(total, Math.floor((seen / allRows) * total)),
      total,
      unit: "objects",
    });
  };
}
