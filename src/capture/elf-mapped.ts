// Files as a process has them mapped: grouping the mappings by file, and reading a file through the process's memory when
// the file itself is gone or was replaced (a package upgrade under a running service, a core from another machine).

import type { Addr } from "../base/brand.ts";
import { PF_W, PT_LOAD, readU64, viewOf } from "./elf-format.ts";
import type { ReadMemory } from "./python-version.ts";
import type { ReadAt } from "./read-at.ts";

/** One line of /proc/PID/maps that belongs to a file, or one entry of a core's NT_FILE note. */
export interface FileMapping {
  readonly start: Addr;
  readonly end: Addr;
  readonly fileOffset: number;
  /** As the target sees it; may end in " (deleted)". */
  readonly path: string;
}

/** All mappings of one file, ascending by address. */
export interface MappedFile {
  readonly path: string;
  readonly ranges: readonly FileMapping[];
}

/** Groups by path, in ascending order of the first mapping. Names such as [heap] are no files. */
export function groupByFile(mappings: readonly FileMapping[]): MappedFile[] {
  const files = new Map<string, FileMapping[]>();
  for (const mapping of [...mappings].sort((a, b) => a.start - b.start)) {
    if (!mapping.path.startsWith("/")) continue;
    const ranges = files.get(mapping.path);
    if (ranges === undefined) files.set(mapping.path, [mapping]);
    else ranges.push(mapping);
  }
  return Array.from(files, ([path, ranges]) => ({ path, ranges }));
}

/** The file's bytes as the process has them; parts that are not mapped are missing. */
export function readThroughMemory(file: MappedFile, readMemory: ReadMemory): ReadAt {
  const size = Math.max(0, ...file.ranges.map((range) => range.fileOffset + (range.end - range.start)));
  const read = (offset: number, length: number): Uint8Array => {
    const range = file.ranges.find((r) => offset >= r.fileOffset && offset < r.fileOffset + (r.end - r.start));
    if (range === undefined || !(length > 0)) return new Uint8Array(0);
    const start = range.start + (offset - range.fileOffset);
    return readMemory(start as Addr, Math.min(length, range.end - start));
  };
  return {
    size,
    read,
    readInto: (target, offset) => {
      const part = read(offset, target.length);
      target.set(part);
      return part.length;
    },
    [Symbol.dispose]: () => {},
  };
}

/**
 * Whether the file on disk is the one that is mapped: the page with the ELF header holds the build id, and nobody writes to
 * it, unless a tool like patchelf put the dynamic section there (conda, Nix): then the headers must do. True when the memory cannot be had (some cores leave it out): then there is nothing to compare.
 */
export function isSameFile(onDisk: ReadAt, inMemory: ReadAt): boolean {
  const mapped = inMemory.read(0, 4096);
  const stored = onDisk.read(0, mapped.length);
  if (stored.length < mapped.length && stored.length < onDisk.size) return false;
  return stored.subarray(0, bytesNeverWritten(stored)).every((byte, i) => byte === mapped[i]);
}

/** How much of the first page no program changes: all of it, or the headers where the page is mapped for writing. */
function bytesNeverWritten(head: Uint8Array): number {
  if (head.length < ELF_HEADER_BYTES) return head.length;
  const view = viewOf(head);
  const [start, count] = [readU64(view, 32), view.getUint16(56, true)];
  const end = start + count * PROGRAM_HEADER_BYTES;
  for (let at = start; at < end && end <= head.length; at += PROGRAM_HEADER_BYTES) {
    const isFirst = view.getUint32(at, true) === PT_LOAD && readU64(view, at + 8) === 0;
    if (isFirst && (view.getUint32(at + 4, true) & PF_W) !== 0) return end;
  }
  return head.length;
}

const ELF_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;

/** The mapping that holds `address`; `ascending` is sorted by start. */
export function mappingAt(ascending: readonly FileMapping[], address: number): FileMapping | undefined {
  const mapping = ascending[lastIndexWhere(ascending, (candidate) => candidate.start <= address)];
  return mapping !== undefined && address < mapping.end ? mapping : undefined;
}

/** Index of the last item for which `holds` is true, -1 when for none. It must be true up to some item and false after. */
export function lastIndexWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
