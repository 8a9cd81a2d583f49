// Writes to a process through /proc/PID/mem. Used for a call that was asked for, and for nothing else.

import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { MemoryWrite } from "../cpython/call-plan.ts";
import { errorCode, type ProcFs } from "./proc-fs.ts";

/**
 * Makes all `writes` in order and reads them back. Fails with what the kernel said, or with the difference; the target must
 * stand still.
 */
export function writeMemory(proc: ProcFs, pid: number, writes: readonly MemoryWrite[]): Result<null, string> {
  let file: number | null = null;
  try {
    file = openSync(`${proc.root}/${pid}/mem`, "r+");
    for (const { address, bytes } of writes) {
      const written = writeSync(file, bytes, 0, bytes.length, address);
      if (written !== bytes.length) return fail(`${written} of ${bytes.length} bytes were taken`);
    }
    return writes.every((write) => isThere(file ?? 0, write)) ? ok(null) : fail("what was written is not there");
  } catch (error) {
    return fail(errorCode(error) || String(error));
  } finally {
    if (file !== null) closeSync(file);
  }
}

function isThere(file: number, { address, bytes }: MemoryWrite): boolean {
  const seen = new Uint8Array(bytes.length);
  return readSync(file, seen, 0, seen.length, address) === seen.length && seen.every((byte, i) => byte === bytes[i]);
}
