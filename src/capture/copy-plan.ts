// Decides what of a process is copied and where it goes. Pure: mappings and existing pages in, positions out.
// Every mapping keeps its full extent in the copy, so that index arithmetic on target arrays stays right; only
// stretches of more than 4 MiB that do not exist are cut out. Nothing absent is ever read.

import type { Addr } from "../base/brand.ts";
import { invariant } from "../base/invariant.ts";
import { type ImagePlan, offsetInPlan, planImage, type RegionPages } from "../cpython/image-plan.ts";
import { IMAGE_PAGE_BYTES } from "../cpython/memory-image.ts";
import type { ProcessMapping } from "./proc-maps.ts";
import type { PageRun } from "./proc-pagemap.ts";

/** Bytes to read at `address` of the target into `offset` of the copy. */
export interface CopyJob {
  readonly address: Addr;
  readonly offset: number;
  readonly length: number;
}

export interface CopyPlan {
  readonly image: ImagePlan;
  /** Ascending by address and by offset. */
  readonly jobs: readonly CopyJob[];
  readonly bytes: number;
}

const CUT_PAGES = (4 << 20) / IMAGE_PAGE_BYTES;
/** Data sections of libraries are small; a larger private file mapping is data that somebody mapped. */
const WHOLE_FILE_BYTES = 64 << 20;

/** Writable memory of the process alone: the only memory Python objects can live in, kernel pages apart. */
export function isCopied(mapping: ProcessMapping): boolean {
  return mapping.readable && mapping.writable && mapping.private && !mapping.path.startsWith("[v");
}

/** Untouched pages of a library's data section still have the file's contents; their page map says "absent". */
export function isReadWhole(mapping: ProcessMapping): boolean {
  return mapping.inode !== 0 && mapping.end - mapping.start <= WHOLE_FILE_BYTES;
}

/** `present[i]` are the existing pages of `mappings[i]`, ascending. All mappings given are copied. */
export function planCopy(mappings: readonly ProcessMapping[], present: readonly (readonly PageRun[])[]): CopyPlan {
  const regions: RegionPages[] = [];
  const runs: PageRun[] = [];
  for (const [index, mapping] of mappings.entries()) {
    const existing = isReadWhole(mapping) ? [wholeOf(mapping)] : (present[index] ?? []);
    regions.push(...cutRegions(mapping, existing));
    for (const run of existing) runs.push(run);
  }
  const image = planImage(regions);
  const jobs = runs.map((run) => toJob(image, run));
  return { image, jobs, bytes: jobs.reduce((sum, job) => sum + job.length, 0) };
}

function wholeOf(mapping: ProcessMapping): PageRun {
  return { address: mapping.start, pageCount: (mapping.end - mapping.start) / IMAGE_PAGE_BYTES };
}

/** The extent of a mapping without its long absent stretches. */
export function cutRegions(mapping: ProcessMapping, present: readonly PageRun[]): RegionPages[] {
  const regions: RegionPages[] = [];
  let start: number = mapping.start;
  let end = start;
  const close = (): void => {
    if (end > start) regions.push({ address: start as Addr, pageCount: (end - start) / IMAGE_PAGE_BYTES });
  };
  for (const run of present) {
    if (run.address - end > CUT_PAGES * IMAGE_PAGE_BYTES) {
      close();
      start = run.address;
    }
    end = run.address + run.pageCount * IMAGE_PAGE_BYTES;
  }
  if (mapping.end - end <= CUT_PAGES * IMAGE_PAGE_BYTES) end = mapping.end;
  close();
  return regions;
}

function toJob(image: ImagePlan, run: PageRun): CopyJob {
  const offset = offsetInPlan(image, run.address);
  invariant(offset >= 0, "every page to copy has its place in the image");
  return { address: run.address, offset, length: run.pageCount * IMAGE_PAGE_BYTES };
}
