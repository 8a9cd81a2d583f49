// What a process shares with others and what it has for itself. The kernel walks its page tables for the answer, 23 ms per GiB.

import type { MemorySharing } from "../../model/collector-report.ts";
import type { ProcFs } from "../proc-fs.ts";
import { kibibytes } from "../proc-status.ts";

/** Null when the kernel has no smaps_rollup (before 4.14), refuses, or the process is gone. */
export function readMemorySharing(proc: ProcFs, pid: number): MemorySharing | null {
  const text = proc.readText(`${pid}/smaps_rollup`);
  if (!text.ok) return null;
  const bytes = (name: string): number => kibibytes(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text.value)?.[1]);
  return {
    residentBytes: bytes("Rss"),
    proportionalBytes: bytes("Pss"),
    privateDirtyBytes: bytes("Private_Dirty"),
    sharedBytes: bytes("Shared_Clean") + bytes("Shared_Dirty"),
  };
}
