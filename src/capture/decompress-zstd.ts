// Zstandard, by the best of three: node:zlib where it has it (Node 22.15+), the zstd command, a JavaScript package.
// The first two run at about 1 GB/s and check the content's checksum; the package at a tenth of that, and does not.
// Measured in docs/decisions/0003-compressed-cores.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { type Readable, pipeline, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { Decompress } from "fzstd";

/** ZSTD_d_windowLogMax = 100; 31 admits what `zstd --long=31` writes. */
const WINDOW_LOG_MAX = { params: { 100: 31 } };

/** Thrown when the zstd command refuses the data; the message is the command's own. */
export class ZstdError extends Error {
  override readonly name = "ZstdError";
}

export function decompressZstd(input: Readable): AsyncIterable<Uint8Array> {
  const builtin = builtinDecoder();
  return builtin === null ? decompressByCommand(input) : pipeline(input, builtin, () => {});
}

// @types/node is held at 20, the oldest Node we run on, which does not know it.
function builtinDecoder(): Transform | null {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: typeof WINDOW_LOG_MAX) => Transform };
  return createZstdDecompress === undefined ? null : createZstdDecompress(WINDOW_LOG_MAX);
}

/** Through the zstd command, or the package when there is no such command. */
export async function* decompressByCommand(input: Readable): AsyncGenerator<Uint8Array> {
  const child = spawn("zstd", ["-dc", "-q", "--long=31"], { stdio: ["pipe", "pipe", "pipe"] });
  const closed = once(child, "close").catch(() => null);
  if (!(await hasStarted(child))) return yield* decompressByPackage(input);
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => (complaint = (complaint + text.toString()).slice(-500)));
  // EPIPE when the command gives up early: its exit code says so too. A failing disk shows as input.errored.
  pipeline(input, child.stdin, () => {});
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    await closed;
    if (input.errored) throw input.errored;
    if (child.exitCode !== 0)
      throw new ZstdError(
        complaint
          .replace(/^zstd: |^.*stdin\*\\? *: /g, "")
          .trim()
          .split("\n")[0] ?? "",
      );
  } finally {
    child.kill("SIGKILL");
  }
}

async function hasStarted(child: ReturnType<typeof spawn>): Promise<boolean> {
  return once(child, "spawn").then(
    () => true,
    () => false,
  );
}

/** In JavaScript. Unlike the others it leaves checksums unread, so a flipped bit in the content may pass. */
export async function* decompressByPackage(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => ready.push(chunk));
  let last = new Uint8Array(0);
  for await (const chunk of input) {
    if (last.length > 0) decoder.push(last);
    last = new Uint8Array(chunk);
    yield* ready;
    ready = [];
  }
  decoder.push(last, true);
  yield* ready;
}
