// The memory a copy goes to. It is allocated and touched before the target is stopped: faults on our own fresh pages took
// longer than the copy itself, and if memory runs out it must run out now, not inside the pause.

import { read } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import { bytesIn, byteWindows, type ByteWindows } from "../base/byte-windows.ts";
import { MAX_IMAGE_BYTES } from "../cpython/image-plan.ts";
import { IMAGE_PAGE_BYTES } from "../cpython/memory-image.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import type { CopyJob, CopyPlan } from "./copy-plan.ts";
import { openReadOnly } from "./proc-fs.ts";

/** Room for what the target maps between our planning and the stop; it is only address space until used. */
const SPARE_BYTES = 64 << 20;
const SPARE_SHARE = 0.05;
const CHUNK_BYTES = 4 << 20;
const LANES = 4;

/** Zeroed memory for the plan and some growth. `spareFactor`: more room for a target that has outgrown less. */
export function allocateCopyBuffer(
  plan: CopyPlan,
  pid: number,
  isShared: boolean,
  spareFactor = 1,
): Result<ArrayBufferLike, TargetError> {
  const spare = spareFactor * (SPARE_BYTES + plan.image.bufferBytes * SPARE_SHARE);
  const wanted = Math.min(plan.image.bufferBytes + spare, Math.max(plan.image.bufferBytes, MAX_IMAGE_BYTES));
  const bytes = Math.ceil(wanted / IMAGE_PAGE_BYTES) * IMAGE_PAGE_BYTES;
  const tooLarge = { code: "too-large" as const, pid, bytes: plan.image.bufferBytes };
  if (plan.image.bufferBytes > MAX_IMAGE_BYTES) return fail({ ...tooLarge, limitBytes: MAX_IMAGE_BYTES });
  try {
    return ok(isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  } catch {
    // RangeError: above the limit of this Node or of our address space (ulimit -v).
    return fail({ ...tooLarge, limitBytes: null });
  }
}

/** Touches the pages that the plan fills. Zeros are read by the thread pool: twice as fast as a loop here. */
export async function touchCopyBuffer(buffer: ArrayBufferLike, plan: CopyPlan, progress: Progress): Promise<void> {
  const bytes = byteWindows(buffer, buffer.byteLength);
  const opened = openReadOnly("/dev/zero");
  if (!opened.ok) return touchHere(bytes, plan);
  using zero = opened.value;
  let done = 0;
  const chunks = chunksOf(plan);
  const lane = async (): Promise<void> => {
    for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
      await readZeros(zero.fd, bytes, chunk);
      done += chunk.length;
      progress({ phase: "prepare", done, total: plan.bytes, unit: "bytes" });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

interface Chunk {
  readonly offset: number;
  readonly length: number;
}

/** Stretches to touch, at most CHUNK_BYTES each; neighbouring jobs are joined where the gap is small. */
function chunksOf(plan: CopyPlan): Chunk[] {
  const chunks: Chunk[] = [];
  let offset = 0;
  let length = 0;
  const close = (): void => {
    if (length > 0) chunks.push({ offset, length });
  };
  for (const job of plan.jobs) {
    for (let done = 0; done < job.length; done += CHUNK_BYTES) {
      const start = job.offset + done;
      const end = Math.min(start + CHUNK_BYTES, job.offset + job.length);
      if (length > 0 && start === offset + length && end - offset <= CHUNK_BYTES) {
        length = end - offset;
        continue;
      }
      close();
      offset = start;
      length = end - start;
    }
  }
  close();
  return chunks;
}

function readZeros(fd: number, bytes: ByteWindows, chunk: Chunk): Promise<void> {
  return new Promise((resolve) => {
    read(fd, bytesIn(bytes, chunk.offset, chunk.length), 0, chunk.length, null, () => resolve());
  });
}

/** Zeros where jobs were read to: a later copy may have nothing there, and must not find what was. */
export function clearCopyBuffer(buffer: ArrayBufferLike, jobs: readonly CopyJob[]): void {
  const bytes = byteWindows(buffer, buffer.byteLength);
  for (const job of jobs) {
    for (let done = 0; done < job.length; done += CHUNK_BYTES)
      bytesIn(bytes, job.offset + done, Math.min(CHUNK_BYTES, job.length - done)).fill(0);
  }
}

function touchHere(bytes: ByteWindows, plan: CopyPlan): void {
  for (const chunk of chunksOf(plan)) bytesIn(bytes, chunk.offset, chunk.length).fill(0);
}
