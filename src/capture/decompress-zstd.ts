// Zstandard: by the zstd command where there is one (600 MB/s, checks checksums), else by a JavaScript package (200 MB/s,
// does not). Not by node:zlib, which Node 22.15+ could: it stops after the first of several frames without an error
// (nodejs/node issue 64741), and half a core would pass for a whole one. docs/decisions/0003-compressed-cores.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { pipeline, type Readable } from "node:stream";
import { Decompress } from "fzstd";

/** Thrown when the zstd command refuses the data; the message is the command's own. */
export class ZstdError extends Error {
  override readonly name = "ZstdError";
}

/** Through the zstd command, or the package when there is no such command. */
export async function* decompressZstd(input: Readable): AsyncGenerator<Uint8Array> {
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
    if (child.exitCode !== 0) throw new ZstdError(firstLine(complaint));
  } finally {
    child.kill("SIGKILL");
  }
}

/** "zstd: /*stdin*\\ : Decoding error (36) : ..." without the names of the program and its input. */
function firstLine(complaint: string): string {
  const [line = ""] = complaint.trim().split("\n");
  return line.replace(/^(?:zstd: )?(?:\S*stdin\S* *: *)?/, "").trim();
}

async function hasStarted(child: ReturnType<typeof spawn>): Promise<boolean> {
  return once(child, "spawn").then(
    () => true,
    () => false,
  );
}

/** In JavaScript. Unlike the command it leaves checksums unread, so a flipped bit in the content may pass. */
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
