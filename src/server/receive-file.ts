// A file that somebody sends: it is written down, bounded, under a name of ours. What is in it is looked at later, in a thread.

import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail, ok, type Result } from "../base/result.ts";
import { type Answer, problem } from "./route.ts";

/** A snapshot of 60 million objects is smaller. */
const MOST_BYTES = 4 * 2 ** 30;

/** Fails with the answer to give. Nothing is left of a file that did not come whole. */
export async function receiveFile(
  bytes: AsyncIterable<Uint8Array> | null,
  folder: string,
  name: string,
): Promise<Result<string, Answer>> {
  if (bytes === null) return fail(problem("usage", "The body is empty: send the snapshot file."));
  const file = join(folder, fileName(name));
  const partial = `${file}.part`;
  const written = await write(bytes, partial);
  if (written.ok) await rename(partial, file);
  else await rm(partial, { force: true });
  return written.ok ? ok(file) : written;
}

async function write(bytes: AsyncIterable<Uint8Array>, path: string): Promise<Result<null, Answer>> {
  const file = await open(path, "wx", 0o600);
  let length = 0;
  try {
    for await (const piece of bytes) {
      length += piece.length;
      if (length > MOST_BYTES)
        return fail(
          problem(
            "too-large",
            `The file is larger than ${MOST_BYTES / 2 ** 30} GiB, which is the most that is taken.`,
            413,
          ),
        );
      await file.write(piece);
    }
  } catch (error) {
    return fail(problem("not-received", `The file did not arrive whole: ${String(error)}. Nothing was kept.`, 400));
  } finally {
    await file.close();
  }
  return length === 0 ? fail(problem("usage", "The body is empty: send the snapshot file.")) : ok(null);
}

/** Nothing of a path survives: letters, digits, dot, dash and underscore of the last part. */
function fileName(name: string): string {
  const last = name
    .slice(name.lastIndexOf("/") + 1)
    .replaceAll(/[^\w.-]/g, "_")
    .replace(/^\.+/, "");
  const stem = last.replace(/\.dwsnap$/, "").slice(0, 80);
  return `${stem === "" ? "sent" : stem}-${Date.now().toString(36)}.dwsnap`;
}
