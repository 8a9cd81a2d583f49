// A file that appears whole or not at all: written beside its place under a hidden name, flushed to the disk, then
// renamed. On every other way out the hidden file is removed - failure, exit, and the signals that end a program.
// Only SIGKILL and a power cut can leave `.NAME.PID-XXXXXX.partial` behind.

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { open, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ok, fail, type Result } from "../../base/result.ts";

/** What writing needs of a file; tests put a full disk here. */
export interface OutputFile {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Returns when the bytes are on the disk. */
  readonly sync: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Creates a new file that only its owner may read; fails when there is one. */
export type CreateFile = (path: string) => Promise<OutputFile>;

const OWNER_ONLY = 0o600;
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export const createFile: CreateFile = async (path) => {
  const handle = await open(path, "wx", OWNER_ONLY);
  return {
    write: async (bytes) => {
      for (let done = 0; done < bytes.length; )
        done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
};

/** Calls `fill` with a file that becomes `path` when `fill` returns; a failure comes back as its reason. */
export async function writeAtomically<T>(
  path: string,
  fill: (file: OutputFile) => Promise<T>,
  create: CreateFile = createFile,
): Promise<Result<T, string>> {
  let place: Result<string, string>;
  try {
    place = await findPlace(path);
  } catch (error) {
    return fail(reasonOf(error));
  }
  if (!place.ok) return place;
  const partial = join(
    dirname(place.value),
    `.${basename(place.value)}.${process.pid}-${randomBytes(3).toString("hex")}.partial`,
  );
  using _removal = removeWhenDone(partial);
  try {
    const value = await fillAndClose(partial, fill, create);
    await rename(partial, place.value);
    await syncFolder(dirname(place.value));
    return ok(value);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return fail(reasonOf(error));
  }
}

/** Where the file goes in the end: behind links, and never in the place of a device or a folder. */
async function findPlace(path: string): Promise<Result<string, string>> {
  try {
    const there = await stat(path);
    if (there.isDirectory()) return fail("it is a folder");
    return there.isFile() ? ok(await realpath(path)) : fail("it is not an ordinary file");
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return ok(path);
    throw error;
  }
}

async function fillAndClose<T>(path: string, fill: (file: OutputFile) => Promise<T>, create: CreateFile): Promise<T> {
  const file = await create(path);
  try {
    const value = await fill(file);
    await file.sync();
    return value;
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable; not every file system can, and the file is whole either way. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Removes the file on disposal (after a rename there is none) and whenever the process ends before. */
function removeWhenDone(path: string): Disposable {
  const remove = (): void => rmSync(path, { force: true });
  const onSignal = (signal: NodeJS.Signals): void => {
    stop();
    // With nobody else listening the signal has to end us, as it would have without our listener.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const stop = (): void => {
    remove();
    process.removeListener("exit", remove);
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, onSignal);
  };
  process.once("exit", remove);
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  return { [Symbol.dispose]: stop };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    typeof (error as NodeJS.ErrnoException).code === "string" &&
    typeof (error as NodeJS.ErrnoException).errno === "number"
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the system allows",
  EACCES: "there is no permission to write there",
  EPERM: "there is no permission to write there",
  EROFS: "the disk is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk reports an error",
};

function reasonOf(error: unknown): string {
  if (!isSystemError(error)) throw error;
  return REASONS[error.code ?? ""] ?? error.message;
}
