// Will the copy fit into memory and into the pause? Asked before the target is stopped.

import { byteWindows } from "../base/byte-windows.ts";
import type { TargetError } from "../model/target-error.ts";
import { clearCopyBuffer } from "./copy-buffer.ts";
import { copyPages } from "./copy-pages.ts";
import type { CopyJob, CopyPlan } from "./copy-plan.ts";
import { readCgroupHeadroomBytes } from "./cgroup-memory.ts";
import { openProcFs, type ProcFs } from "./proc-fs.ts";
import { readAvailableBytes } from "./proc-memory.ts";

/** Refuses a copy that the machine, or the control group we live in, has no memory for. */
export function checkMemoryLimit(proc: ProcFs, pid: number, bytes: number): TargetError | null {
  const limitBytes = memoryLimitBytes(proc);
  return bytes > limitBytes ? { code: "too-large", pid, bytes, limitBytes } : null;
}

/** What a copy may take; infinite when nobody knows. */
export function memoryLimitBytes(proc: ProcFs): number {
  const limits = [readAvailableBytes(proc), readCgroupHeadroomBytes(proc, openProcFs("/"))];
  return Math.min(...limits.filter((limit) => limit !== null));
}

/** Small enough to be quick, large enough to measure. */
const SAMPLE_BYTES = 32 << 20;
/** Below this every machine is fast enough. */
const WORTH_MEASURING_BYTES = 256 << 20;

/** How long the copy would take at the rate of a sample, read from the running target into the prepared buffer. */
export async function estimateCopyMs(
  proc: ProcFs,
  pid: number,
  buffer: ArrayBufferLike,
  plan: CopyPlan,
): Promise<number> {
  if (plan.bytes < WORTH_MEASURING_BYTES) return 0;
  const opened = proc.open(`${pid}/mem`);
  if (!opened.ok) return 0;
  using memory = opened.value;
  const startMs = performance.now();
  const sample = sampleOf(plan.jobs, plan.bytes);
  const { copiedBytes } = await copyPages(memory, byteWindows(buffer, buffer.byteLength), sample, () => false);
  const elapsedMs = performance.now() - startMs;
  // By the time of the copy other pages may belong there, or none.
  clearCopyBuffer(buffer, sample);
  return copiedBytes === 0 ? 0 : (elapsedMs / copiedBytes) * plan.bytes;
}

/** Every n-th job, so that memory in swap weighs in with its share; long jobs give their beginning. */
function sampleOf(jobs: readonly CopyJob[], bytes: number): CopyJob[] {
  const share = SAMPLE_BYTES / bytes;
  const sample: CopyJob[] = [];
  let owed = 0;
  for (const job of jobs) {
    owed += job.length * share;
    const length = Math.min(job.length, Math.floor(owed / 4096) * 4096);
    if (length === 0) continue;
    sample.push({ ...job, length });
    owed -= length;
  }
  return sample;
}
