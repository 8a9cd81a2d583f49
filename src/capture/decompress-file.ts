// Decompresses a core into a file without a name: readable at any place, gone when we are, however we end. Never the
// whole thing in memory. Pages of zeros become holes, so the copy takes no more disk than the program had memory.

import {
  createReadStream,
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  type ReadStream,
  unlinkSync,
  writeSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { fail, ok, type Result } from "../base/result.ts";
import type { Progress } from "../model/progress.ts";
import { forEachFilledRun } from "./core-page-runs.ts";
import { decompressLz4 } from "./decompress-lz4.ts";
import { decompressZstd } from "./decompress-zstd.ts";
import { fileReadAt, type ReadAt } from "./read-at.ts";

export type Compression = "gzip" | "zstd" | "lz4";

const DECODERS: { readonly [Name in Compression]: (input: ReadStream) => AsyncIterable<Uint8Array> } = {
  // pipeline, not pipe: a failing disk must end the decoder too.
  gzip: (input) => pipeline(input, createGunzip(), () => {}),
  zstd: decompressZstd,
  lz4: decompressLz4,
};

const MAGIC: readonly { readonly compression: Compression; readonly bytes: readonly number[] }[] = [
  { compression: "gzip", bytes: [0x1f, 0x8b] },
  { compression: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { compression: "lz4", bytes: [0x04, 0x22, 0x4d, 0x18] },
];

const READ_BYTES = 1 << 20;
/** A multiple of the page size, so that pages of zeros are found wherever the chunks end. */
const STAGE_BYTES = 1 << 20;

/** By the first bytes, not by the name: coredumpctl's files get renamed. */
export function compressionOf(head: Uint8Array): Compression | null {
  return MAGIC.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte))?.compression ?? null;
}

/** `detail` of the error completes "PATH cannot be read as a core file: ...". */
export async function decompressFile(
  path: string,
  compression: Compression,
  fileBytes: number,
  progress: Progress,
): Promise<Result<ReadAt, { readonly detail: string }>> {
  const folder = tmpdir();
  let fd: number;
  try {
    fd = openNameless(folder);
  } catch (error) {
    return fail({
      detail: `no temporary file can be made in ${folder} to decompress it (${codeOf(error)}); point TMPDIR to another folder`,
    });
  }
  try {
    await decompressInto(fd, path, compression, fileBytes, progress);
    const file = fileReadAt(fd);
    if (file !== null) return ok(file);
    closeSync(fd);
    return fail({ detail: `the temporary file in ${folder} is no regular file` });
  } catch (error) {
    closeSync(fd);
    return fail({ detail: explain(error, compression, folder) });
  }
}

function openNameless(folder: string): number {
  const name = join(folder, `deadweight-${randomUUID()}.core`);
  // A core holds passwords and keys: for us alone, and never through a link that somebody put there.
  const fd = openSync(name, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(name);
  return fd;
}

async function decompressInto(
  fd: number,
  path: string,
  compression: Compression,
  fileBytes: number,
  progress: Progress,
): Promise<void> {
  const input = createReadStream(path, { highWaterMark: READ_BYTES });
  const writer = createHoleWriter(fd);
  try {
    for await (const chunk of DECODERS[compression](input)) {
      writer.write(chunk);
      progress({ phase: "decompress", done: Math.min(input.bytesRead, fileBytes), total: fileBytes, unit: "bytes" });
    }
    writer.end();
  } finally {
    input.destroy();
  }
}

/** Writes pages in order and leaves out those of zeros. */
function createHoleWriter(fd: number): { write(chunk: Uint8Array): void; end(): void } {
  const stage = new Uint8Array(STAGE_BYTES);
  let staged = 0;
  let written = 0;
  const flush = (): void => {
    forEachFilledRun(stage.subarray(0, staged), (start, end) =>
      writeAll(fd, stage.subarray(start, end), written + start),
    );
    written += staged;
    staged = 0;
  };
  return {
    write(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + STAGE_BYTES - staged);
        stage.set(part, staged);
        staged += part.length;
        at += part.length;
        if (staged === STAGE_BYTES) flush();
      }
    },
    end() {
      flush();
      ftruncateSync(fd, written);
    },
  };
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}

function explain(error: unknown, compression: Compression, folder: string): string {
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT")
    return `there is no room in ${folder} for the decompressed core; point TMPDIR to a folder with more`;
  if (code === "EFBIG")
    return `the decompressed core is larger than a file may be in ${folder}; point TMPDIR to another folder`;
  if (code.startsWith("E") && !code.startsWith("ERR_")) return `it could not be decompressed (${code})`;
  const reason = error instanceof Error ? error.message : "";
  return `its ${compression} data is damaged or cut off (${reason || "the decoder gave up"})`;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}
