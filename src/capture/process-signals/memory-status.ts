// What a process has resident and of which kind, from /proc/PID/status: one file of some 20 us, read at every tick.

import { ok, type Result } from "../../base/result.ts";
import type { ProcessSample } from "../../model/sample.ts";
import type { ProcFailure, ProcFs } from "../proc-fs.ts";
import { kibibytes } from "../proc-status.ts";

export type MemoryStatus = Pick<
  ProcessSample,
  "rssBytes" | "anonBytes" | "fileBytes" | "shmemBytes" | "swapBytes" | "threads"
>;

export function readMemoryStatus(proc: ProcFs, pid: number): Result<MemoryStatus, ProcFailure> {
  const text = proc.readText(`${pid}/status`);
  return text.ok ? ok(parseMemoryStatus(text.value)) : text;
}

/** A zombie has no memory lines: all zeros. */
export function parseMemoryStatus(text: string): MemoryStatus {
  const bytes = (name: string): number => kibibytes(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
  return {
    rssBytes: bytes("VmRSS"),
    anonBytes: bytes("RssAnon"),
    fileBytes: bytes("RssFile"),
    shmemBytes: bytes("RssShmem"),
    swapBytes: bytes("VmSwap"),
    threads: Number(/^Threads:\s+(\d+)/m.exec(text)?.[1] ?? 0),
  };
}
