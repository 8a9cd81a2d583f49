// Reads the headers of an ELF64 little-endian file: program, shared library or core. Symbols are looked up in
// elf-symbols.ts. System V ABI, chapters 4 and 5; elf(5).
//
// Everything here may come from a hostile or broken file. Counts and offsets are believed only after a check against
// the file's size; whatever does not fit becomes an error value or an empty list, never a throw and never a long loop.

import { fail, ok, type Result } from "../base/result.ts";
import { ELF_MAGIC, type ElfSection, type ElfSegment, PT_LOAD, readU64, viewOf } from "./elf-format.ts";
import { lookUpSymbols } from "./elf-symbols.ts";
import type { ReadAt } from "./read-at.ts";

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
/** e_phnum of a file with 65,535 or more segments; the true count is sh_info of section 0. Kernel: fs/binfmt_elf.c. */
const PN_XNUM = 0xffff;
/** vm.max_map_count is 65,530 by default and some databases ask for a million; this is a bound, not a size. */
const MAX_SEGMENTS = 1 << 22;
const MAX_SECTIONS = 1 << 17;
/** A program has about five loadable segments; a hostile one may have 65,534, in as many mappings. */
const MAX_LOADS = 64;
const MAX_RANGES = 256;

export type ElfType = "executable" | "shared" | "core" | "other";

export interface ElfFile {
  readonly type: ElfType;
  /** e_machine: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  readonly segments: readonly ElfSegment[];
  /** Empty when the section table was stripped or lies outside the file. */
  readonly sections: readonly ElfSection[];
  /**
   * Values (not yet biased) of the names this file defines, from .dynsym and then .symtab.
   * `relocated` is the load bias when the bytes come from memory: there glibc has rewritten the pointers of .dynamic.
   */
  symbols(names: readonly string[], relocated?: number): Map<string, number>;
}

/** `kind` says what the file is instead, `detail` says it in words. */
export interface ElfProblem {
  readonly kind: "not-elf" | "not-64-bit" | "big-endian" | "corrupt";
  readonly detail: string;
}

/** Where a file's bytes are mapped; as /proc/PID/maps and NT_FILE tell it. */
export interface MappedRange {
  readonly start: number;
  readonly end: number;
  readonly fileOffset: number;
}

/** Reads the headers. Costs three reads; symbols are found on demand. */
export function readElf(file: ReadAt): Result<ElfFile, ElfProblem> {
  const header = file.read(0, HEADER_BYTES);
  const problem = headerProblem(header);
  if (problem !== null) return fail(problem);
  const view = viewOf(header);
  const segments = readSegments(file, view);
  if (!segments.ok) return segments;
  const sections = readSections(file, view);
  return ok({
    type: elfType(view.getUint16(16, true)),
    machine: view.getUint16(18, true),
    segments: segments.value,
    sections,
    symbols: (names, relocated = 0) => lookUpSymbols({ file, segments: segments.value, sections, relocated }, names),
  });
}

/**
 * What the loader added to the addresses in the file, or null when the mappings do not belong to it. A file may be mapped
 * more than once (a program that reads its own executable). The loader maps every segment by itself, a reader the file in
 * one piece: the bias that explains most mappings wins.
 */
export function loadBias(segments: readonly ElfSegment[], ranges: readonly MappedRange[]): number | null {
  const loads = segments.filter((segment) => segment.type === PT_LOAD).slice(0, MAX_LOADS);
  const first = loads[0];
  if (first === undefined) return null;
  let best: { bias: number; explained: number } | null = null;
  for (const candidate of ranges.slice(0, MAX_RANGES)) {
    const bias = biasFrom(first, candidate);
    if (bias === null) continue;
    const explained = ranges.filter((range) => loads.some((load) => biasFrom(load, range) === bias)).length;
    if (best === null || explained > best.explained) best = { bias, explained };
  }
  return best === null ? null : best.bias;
}

// Not by comparing page starts: the page size of the target (4, 16 or 64 KiB) then does not matter.
function biasFrom(load: ElfSegment, range: MappedRange): number | null {
  const within = load.offset - range.fileOffset;
  if (within < 0 || within >= range.end - range.start) return null;
  return range.start + within - load.address;
}

function headerProblem(header: Uint8Array): ElfProblem | null {
  if (header.length < 20 || viewOf(header).getUint32(0, false) !== ELF_MAGIC) {
    return { kind: "not-elf", detail: "it does not begin with an ELF header" };
  }
  if (header[4] !== 2) return { kind: "not-64-bit", detail: "it is a 32-bit ELF file" };
  if (header[5] !== 1) return { kind: "big-endian", detail: "it is a big-endian ELF file" };
  if (header.length < HEADER_BYTES)
    return { kind: "corrupt", detail: `its ELF header ends after ${header.length} of ${HEADER_BYTES} bytes` };
  return null;
}

function elfType(value: number): ElfType {
  switch (value) {
    case 2:
      return "executable";
    case 3:
      return "shared";
    case 4:
      return "core";
    default:
      return "other";
  }
}

function readSegments(file: ReadAt, header: DataView): Result<ElfSegment[], ElfProblem> {
  const count = segmentCount(file, header);
  const offset = readU64(header, 32);
  if (count > 0 && header.getUint16(54, true) !== PROGRAM_HEADER_BYTES) {
    return fail({
      kind: "corrupt",
      detail: `its program headers are ${header.getUint16(54, true)} bytes each, not ${PROGRAM_HEADER_BYTES}`,
    });
  }
  if (count > MAX_SEGMENTS || offset + count * PROGRAM_HEADER_BYTES > file.size) {
    return fail({
      kind: "corrupt",
      detail: `its table of ${count} program headers at ${offset} does not fit into ${file.size} bytes`,
    });
  }
  const bytes = file.read(offset, count * PROGRAM_HEADER_BYTES);
  if (bytes.length < count * PROGRAM_HEADER_BYTES)
    return fail({ kind: "corrupt", detail: "its program headers cannot be read" });
  const view = viewOf(bytes);
  return ok(Array.from({ length: count }, (_, i) => segmentAt(view, i * PROGRAM_HEADER_BYTES)));
}

function segmentCount(file: ReadAt, header: DataView): number {
  const count = header.getUint16(56, true);
  if (count !== PN_XNUM) return count;
  const first = file.read(readU64(header, 40), SECTION_HEADER_BYTES);
  return first.length === SECTION_HEADER_BYTES ? viewOf(first).getUint32(44, true) : count;
}

function segmentAt(view: DataView, at: number): ElfSegment {
  return {
    type: view.getUint32(at, true),
    flags: view.getUint32(at + 4, true),
    offset: readU64(view, at + 8),
    address: readU64(view, at + 16),
    fileBytes: readU64(view, at + 32),
    memoryBytes: readU64(view, at + 40),
  };
}

function readSections(file: ReadAt, header: DataView): ElfSection[] {
  const offset = readU64(header, 40);
  const count = header.getUint16(60, true);
  const bytes = count * SECTION_HEADER_BYTES;
  if (header.getUint16(58, true) !== SECTION_HEADER_BYTES || count > MAX_SECTIONS || offset + bytes > file.size)
    return [];
  const table = file.read(offset, bytes);
  if (table.length < bytes) return [];
  const view = viewOf(table);
  return Array.from({ length: count }, (_, i) => sectionAt(view, i * SECTION_HEADER_BYTES));
}

function sectionAt(view: DataView, at: number): ElfSection {
  return {
    type: view.getUint32(at + 4, true),
    offset: readU64(view, at + 24),
    size: readU64(view, at + 32),
    link: view.getUint32(at + 40, true),
  };
}
