// The process file system as a parameter: everything else in capture asks this, so tests can run on recorded trees.
// Paths are relative to the root: "123/maps", "self/status". Never throws for what a target can cause.

import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";

/** `absent`: not there, or the process is gone. `denied`: the kernel refuses us. */
export type ProcFailure = "absent" | "denied" | "failed";

/** An open file of the target or of the process file system. */
export interface OpenFile extends Disposable {
  readonly fd: number;
  readonly inode: number;
  readonly sizeBytes: number;
  /** Reads into `buffer` at `offset`; -1 when the kernel reports an error, 0 at the end. */
  readInto(buffer: Uint8Array, offset: number, length: number, position: number): number;
}

export interface ProcFs {
  readonly root: string;
  readText(path: string): Result<string, ProcFailure>;
  readLink(path: string): Result<string, ProcFailure>;
  list(path: string): Result<readonly string[], ProcFailure>;
  open(path: string): Result<OpenFile, ProcFailure>;
}

export function openProcFs(root = "/proc"): ProcFs {
  const at = (path: string): string => `${root}/${path}`;
  return {
    root,
    readText: (path) => attempt(() => readFileSync(at(path), "utf8")),
    readLink: (path) => attempt(() => readlinkSync(at(path))),
    list: (path) => attempt(() => readdirSync(at(path))),
    open: (path) => openReadOnly(at(path)),
  };
}

/** Opens any file for reading; the caller disposes it. */
export function openReadOnly(path: string): Result<OpenFile, ProcFailure> {
  return attempt(() => {
    const fd = openSync(path, "r");
    const stat = fstatSync(fd);
    let isOpen = true;
    return {
      fd,
      inode: stat.ino,
      sizeBytes: stat.size,
      readInto: (buffer, offset, length, position) => readOrFail(fd, buffer, offset, length, position),
      [Symbol.dispose]: () => {
        if (isOpen) closeSync(fd);
        isOpen = false;
      },
    };
  });
}

function readOrFail(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
  try {
    return readSync(fd, buffer, offset, length, position);
  } catch {
    return -1;
  }
}

function attempt<T>(work: () => T): Result<T, ProcFailure> {
  try {
    return ok(work());
  } catch (error) {
    return fail(failureOf(error));
  }
}

function failureOf(error: unknown): ProcFailure {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ESRCH" || code === "ENOTDIR") return "absent";
  if (code === "EACCES" || code === "EPERM") return "denied";
  return "failed";
}

/** The errno name of a system call that failed, or "" for anything else. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
