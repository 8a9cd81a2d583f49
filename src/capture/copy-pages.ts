// Copies pages of a stopped target. Large runs go to Node's own thread pool (`fs.read`), which reads straight into the
// buffer from several threads at once and leaves the event loop free for signals and the time limit; small runs are
// read here in between, because handing one over costs more than reading it.

import { read } from "node:fs";
import { bytesIn, type ByteWindows } from "../base/byte-windows.ts";
import { IMAGE_PAGE_BYTES } from "../cpython/memory-image.ts";
import type { CopyJob } from "./copy-plan.ts";
import type { OpenFile } from "./proc-fs.ts";

export interface CopyOutcome {
  readonly copiedBytes: number;
  /** Pages the kernel would not give; they stay zero. */
  readonly unreadablePages: number;
  /** The memory of the target went away. */
  readonly gone: boolean;
}

const CHUNK_BYTES = 4 << 20;
const SMALL_BYTES = 128 << 10;
const LANES = 4;
/** The event loop gets its turn this often while small runs are read. */
const SLICE_MS = 2;
/** After a page that cannot be read the next try is this much further on, doubling. */
const LARGEST_SKIP_PAGES = 256;

/** Reads every job until done or `isAborted` says so. All reads have ended when the promise settles. */
export async function copyPages(
  memory: OpenFile,
  bytes: ByteWindows,
  jobs: readonly CopyJob[],
  isAborted: () => boolean,
): Promise<CopyOutcome> {
  const chunks = cutIntoChunks(jobs.filter((job) => job.length > SMALL_BYTES));
  const small = jobs.filter((job) => job.length <= SMALL_BYTES);
  const tally = { copiedBytes: 0, unreadablePages: 0, gone: false };
  const isOver = (): boolean => tally.gone || isAborted();
  const count = (outcome: CopyOutcome): void => {
    tally.copiedBytes += outcome.copiedBytes;
    tally.unreadablePages += outcome.unreadablePages;
    tally.gone ||= outcome.gone;
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < chunks.length && !isOver(); index = next++) {
      const chunk = chunks[index];
      if (chunk !== undefined) count(await copyChunk(memory, bytes, chunk));
    }
  };
  const lanes = Array.from({ length: Math.min(LANES, chunks.length) }, lane);
  await copySmall(memory, bytes, small, isOver, count);
  await Promise.all(lanes);
  return tally;
}

function cutIntoChunks(jobs: readonly CopyJob[]): CopyJob[] {
  const chunks: CopyJob[] = [];
  for (const job of jobs) {
    for (let done = 0; done < job.length; done += CHUNK_BYTES) {
      chunks.push(skipBytes(job, done, Math.min(CHUNK_BYTES, job.length - done)));
    }
  }
  return chunks;
}

function skipBytes(job: CopyJob, done: number, length: number): CopyJob {
  return { address: (job.address + done) as CopyJob["address"], offset: job.offset + done, length };
}

async function copySmall(
  memory: OpenFile,
  bytes: ByteWindows,
  jobs: readonly CopyJob[],
  isOver: () => boolean,
  count: (outcome: CopyOutcome) => void,
): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (const job of jobs) {
    count(copyHere(memory, bytes, job));
    if (performance.now() < sliceEnd) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (isOver()) return;
    sliceEnd = performance.now() + SLICE_MS;
  }
}

function copyChunk(memory: OpenFile, bytes: ByteWindows, chunk: CopyJob): Promise<CopyOutcome> {
  return new Promise((resolve) => {
    read(memory.fd, bytesIn(bytes, chunk.offset, chunk.length), 0, chunk.length, chunk.address, (error, got) => {
      const done = error === null ? got : 0;
      if (done === chunk.length) resolve({ copiedBytes: done, unreadablePages: 0, gone: false });
      else resolve(addTo(done, copyHere(memory, bytes, skipBytes(chunk, done, chunk.length - done))));
    });
  });
}

function addTo(copiedBytes: number, rest: CopyOutcome): CopyOutcome {
  return { ...rest, copiedBytes: rest.copiedBytes + copiedBytes };
}

/** Reads on this thread, stepping over pages the kernel refuses (device memory, pages being poisoned). */
function copyHere(memory: OpenFile, bytes: ByteWindows, job: CopyJob): CopyOutcome {
  let done = 0;
  let copiedBytes = 0;
  let unreadablePages = 0;
  let skipPages = 1;
  while (done < job.length) {
    const left = bytesIn(bytes, job.offset + done, job.length - done);
    const got = memory.readInto(left, 0, left.length, job.address + done);
    if (got === 0) return { copiedBytes, unreadablePages, gone: true };
    if (got > 0) {
      copiedBytes += got;
      done += got;
      skipPages = 1;
      continue;
    }
    const skipped = Math.min(skipPages, (job.length - done) / IMAGE_PAGE_BYTES);
    unreadablePages += skipped;
    done += skipped * IMAGE_PAGE_BYTES;
    skipPages = Math.min(skipPages * 2, LARGEST_SKIP_PAGES);
  }
  return { copiedBytes, unreadablePages, gone: false };
}
