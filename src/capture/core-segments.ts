// The memory in a core file, checked before anything is believed: in order, not overlapping, inside the file.

import { HIGH_WORD } from "../base/uint32.ts";
import { formatBytes } from "../base/format-bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { IMAGE_PAGE_BYTES } from "../cpython/memory-image.ts";
import type { TargetError } from "../model/target-error.ts";
import { type FileMapping, mappingAt } from "./elf-mapped.ts";
import { type ElfSegment, PF_W, PT_LOAD } from "./elf-format.ts";

/** Addresses of user space end here on every 64-bit Linux with 4-level page tables; MemoryImage indexes 48 bits. */
const ADDRESS_END = 2 ** 48;
/** MemoryImage numbers the 4 GiB stretches it holds with one byte. */
const MAX_STRETCHES = 250;
/** Shared memory of other programs, which a live capture leaves out as well. */
const SHARED_MEMORY = /^(?:\/dev\/|\/SYSV|\/memfd:)/;

/**
 * No allocator that Python uses takes memory from the kernel in smaller stretches (arenas of 256 KiB or more, glibc from 128 KiB), and what
 * is smaller and left out is no loss: glibc since 2.41 keeps the state of getrandom in a page or some that Linux never dumps (VM_DROPPABLE,
 * include/linux/mm.h; sysdeps/unix/sysv/linux/getrandom.c).
 */
const LEAST_HEAP_BYTES = 64 << 10;

export interface CoreSegments {
  /** Everything that was dumped, ascending. */
  readonly dumped: readonly ElfSegment[];
  /** The writable private memory among it: the image. */
  readonly writable: readonly ElfSegment[];
  /** Bytes of writable anonymous memory that may hold objects and that the dump leaves out (coredump_filter, MADV_DONTDUMP). */
  readonly omittedBytes: number;
}

/** Sorts and checks the PT_LOAD segments of the core `file`, which is `fileSize` bytes long. `mappings` ascend. */
export function selectSegments(
  file: string,
  fileSize: number,
  segments: readonly ElfSegment[],
  mappings: readonly FileMapping[],
): Result<CoreSegments, TargetError> {
  const loads = segments.filter(isUserMemory).sort((a, b) => a.address - b.address);
  const dumped = loads.filter((segment) => segment.fileBytes > 0);
  const missing = missingBytes(dumped, fileSize);
  if (missing !== null) return fail({ code: "core-incomplete", file, detail: missing });
  const broken = brokenSegment(dumped, fileSize);
  if (broken !== null) return fail({ code: "core-unreadable", file, detail: broken });
  const writable = dumped.filter((segment) => isPrivateMemory(segment, mappings));
  if (writable.length === 0)
    return fail({
      code: "core-incomplete",
      file,
      detail: "it holds none of the program's writable memory, as after a coredump_filter without bit 0",
    });
  if (stretchesOf(writable) > MAX_STRETCHES)
    return fail({
      code: "core-unreadable",
      file,
      detail: "its memory is scattered over more of the address space than any process uses",
    });
  return ok({ dumped, writable, omittedBytes: omittedBytes(loads, mappings) });
}

// Not the vsyscall page, which x86-64 maps at 0xffffffffff600000 in every process.
function isUserMemory(segment: ElfSegment): boolean {
  return segment.type === PT_LOAD && segment.address < ADDRESS_END;
}

// A core cut short by `ulimit -c` or a full disk keeps its headers, and those say how long it should be.
function missingBytes(dumped: readonly ElfSegment[], fileSize: number): string | null {
  const cut = dumped.filter((segment) => segment.offset + segment.fileBytes > fileSize);
  if (cut.length === 0) return null;
  const end = dumped.reduce((most, segment) => Math.max(most, segment.offset + segment.fileBytes), 0);
  return `it ends after ${formatBytes(fileSize)} of ${formatBytes(end)}, with ${cut.length} of ${dumped.length} memory segments cut off, as after a limit (ulimit -c) or on a full disk`;
}

function brokenSegment(dumped: readonly ElfSegment[], fileSize: number): string | null {
  let previousEnd = 0;
  let total = 0;
  for (const segment of dumped) {
    const { address, fileBytes } = segment;
    const pagesEnd = address + Math.ceil(fileBytes / IMAGE_PAGE_BYTES) * IMAGE_PAGE_BYTES;
    const where = `its memory segment at 0x${address.toString(16)}`;
    if (address % IMAGE_PAGE_BYTES !== 0) return `${where} does not begin at a page`;
    if (address < previousEnd) return `${where} overlaps the one before`;
    if (pagesEnd > ADDRESS_END) return `${where} reaches beyond the address space`;
    previousEnd = pagesEnd;
    total += fileBytes;
  }
  return total > fileSize
    ? `its memory segments claim ${formatBytes(total)} of a file of ${formatBytes(fileSize)}`
    : null;
}

function isPrivateMemory(segment: ElfSegment, mappings: readonly FileMapping[]): boolean {
  if ((segment.flags & PF_W) === 0) return false;
  const mapping = mappingAt(mappings, segment.address);
  return mapping === undefined || !SHARED_MEMORY.test(mapping.path);
}

function omittedBytes(loads: readonly ElfSegment[], mappings: readonly FileMapping[]): number {
  return loads
    .filter(
      (segment) =>
        (segment.flags & PF_W) !== 0 &&
        segment.fileBytes === 0 &&
        segment.memoryBytes >= LEAST_HEAP_BYTES &&
        mappingAt(mappings, segment.address) === undefined,
    )
    .reduce((sum, segment) => sum + segment.memoryBytes, 0);
}

function stretchesOf(segments: readonly ElfSegment[]): number {
  let count = 0;
  let last = -1;
  for (const segment of segments) {
    const from = Math.max(last + 1, Math.floor(segment.address / HIGH_WORD));
    const to = Math.floor((segment.address + segment.fileBytes - 1) / HIGH_WORD);
    count += Math.max(0, to - from + 1);
    last = Math.max(last, to);
  }
  return count;
}
