// Proportional set size: shared pages count in parts, so that the sizes of a worker group may be added. The kernel walks the
// page tables under the lock that mmap and brk need, 23 ms per GiB: asked rarely, and of huge processes never.

import type { ProcFs } from "../proc-fs.ts";
import { kibibytes } from "../proc-status.ts";

const SHORTEST_GAP_MS = 30_000;
/** Larger ones are asked as much more rarely as they are larger. */
const CHEAP_RSS_BYTES: number = 512 * 2 ** 20;
/** 46 ms under the lock; a program that maps memory at that moment waits as long. */
const LARGEST_RSS_BYTES: number = 2 * 2 ** 30;

/** Milliseconds to leave between two readings for a process of this size; infinite when it should not be asked at all. */
export function proportionalSizeGapMs(rssBytes: number): number {
  if (rssBytes > LARGEST_RSS_BYTES) return Number.POSITIVE_INFINITY;
  return SHORTEST_GAP_MS * Math.max(1, rssBytes / CHEAP_RSS_BYTES);
}

/** Null when the kernel has no smaps_rollup (before 4.14) or refuses. */
export function readProportionalBytes(proc: ProcFs, pid: number): number | null {
  const text = proc.readText(`${pid}/smaps_rollup`);
  const found = text.ok ? /^Pss:\s+(\d+) kB/m.exec(text.value) : null;
  return found === null ? null : kibibytes(found[1]);
}
