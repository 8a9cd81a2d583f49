// Sizes: what a process occupies, what the machine and our own control group still have.

import { ok, type Result } from "../base/result.ts";
import type { ProcFailure, ProcFs } from "./proc-fs.ts";
import { kibibytes } from "./proc-status.ts";

export interface MemoryRollup {
  readonly rssBytes: number;
  /** Resident pages that other processes map too. */
  readonly sharedBytes: number;
  readonly swapBytes: number;
}

export function readMemoryRollup(proc: ProcFs, pid: number): Result<MemoryRollup, ProcFailure> {
  const text = proc.readText(`${pid}/smaps_rollup`);
  return text.ok ? ok(parseMemoryRollup(text.value)) : text;
}

export function parseMemoryRollup(text: string): MemoryRollup {
  const bytes = (name: string): number => kibibytes(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]);
  return {
    rssBytes: bytes("Rss"),
    sharedBytes: bytes("Shared_Clean") + bytes("Shared_Dirty"),
    swapBytes: bytes("Swap"),
  };
}

/** Memory the machine can still give without swapping; null when it does not say. */
export function readAvailableBytes(proc: ProcFs): number | null {
  const text = proc.readText("meminfo");
  const found = text.ok ? /^MemAvailable:\s+(\d+) kB/m.exec(text.value) : null;
  return found === null ? null : kibibytes(found[1]);
}
