// Copies the writable memory of a core into a MemoryImage. Pages of zeros are not touched, so that memory the program
// reserved and never used (thread stacks, allocator pools) stays address space in our process too.

import { setImmediate as breathe } from "node:timers/promises";
import type { Addr } from "../base/brand.ts";
import { bytesIn, byteWindows, type ByteWindows } from "../base/byte-windows.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { createImage, type ImagePlan, MAX_IMAGE_BYTES, offsetInPlan, planImage } from "../cpython/image-plan.ts";
import { IMAGE_PAGE_BYTES, type MemoryImage, type OutsideReader } from "../cpython/memory-image.ts";
import type { Progress } from "../model/progress.ts";
import type { TargetError } from "../model/target-error.ts";
import { forEachFilledRun } from "./core-page-runs.ts";
import type { ElfSegment } from "./elf-format.ts";
import type { ReadAt } from "./read-at.ts";

const CHUNK_BYTES = 8 << 20;

export interface CoreImageSource {
  /** For messages. */
  readonly name: string;
  readonly core: ReadAt;
  /** Checked by selectSegments: ascending, page aligned, not overlapping. */
  readonly writable: readonly ElfSegment[];
  readonly outside: OutsideReader;
  /** A SharedArrayBuffer, for worker threads. */
  readonly isShared: boolean;
  readonly progress: Progress;
}

export async function copyCoreImage(source: CoreImageSource): Promise<Result<MemoryImage, TargetError>> {
  const plan = planImage(
    source.writable.map((s) => ({ address: s.address as Addr, pageCount: Math.ceil(s.fileBytes / IMAGE_PAGE_BYTES) })),
  );
  const target = allocate(plan, source.isShared);
  if (target === null)
    return fail({ code: "too-large", pid: null, bytes: plan.bufferBytes, limitBytes: MAX_IMAGE_BYTES });
  const copied = await copySegments(source, plan, byteWindows(target, plan.bufferBytes));
  return copied === null
    ? fail({ code: "core-unreadable", file: source.name, detail: "the disk failed while it was read" })
    : ok(createImage(plan, target, copied, source.outside));
}

// RangeError: above our address space (ulimit -v) or the limit of this Node.
function allocate(plan: ImagePlan, isShared: boolean): ArrayBufferLike | null {
  if (plan.bufferBytes > MAX_IMAGE_BYTES) return null;
  try {
    return isShared ? new SharedArrayBuffer(plan.bufferBytes) : new ArrayBuffer(plan.bufferBytes);
  } catch {
    return null;
  }
}

/** Bytes copied, null when the file ended early. */
async function copySegments(source: CoreImageSource, plan: ImagePlan, target: ByteWindows): Promise<number | null> {
  const total = source.writable.reduce((sum, segment) => sum + segment.fileBytes, 0);
  const chunk = new Uint8Array(CHUNK_BYTES);
  let copied = 0;
  let done = 0;
  for (const segment of source.writable) {
    const offset = offsetInPlan(plan, segment.address as Addr);
    for (let at = 0; at < segment.fileBytes; at += CHUNK_BYTES) {
      const part = chunk.subarray(0, Math.min(CHUNK_BYTES, segment.fileBytes - at));
      if (source.core.readInto(part, segment.offset + at) < part.length) return null;
      forEachFilledRun(part, (start, end) => {
        bytesIn(target, offset + at + start, end - start).set(part.subarray(start, end));
        copied += end - start;
      });
      done += part.length;
      source.progress({ phase: "copy", done, total, unit: "bytes" });
    }
    // Signals and timers are only heard between turns of the event loop.
    await breathe();
  }
  return copied;
}
