// Finds the values of a few names in an ELF file, the way the loader does: through the hash table of .dynamic, a few
// small reads per name and no decoding of the table. Files whose .dynsym has no hash table, and names that only .symtab
// knows (static programs linked without --export-dynamic), are found by one pass that compares hashes, not strings.
//
// GNU hash: https://sourceware.org/legacy-ml/binutils/2006-10/msg00377.html. SysV hash: System V ABI, chapter 5.

import { type ElfSection, type ElfSegment, PT_DYNAMIC, PT_LOAD, readU64, viewOf } from "./elf-format.ts";
import type { ReadAt } from "./read-at.ts";

const SYMBOL_BYTES = 24;
const SHT_SYMTAB = 2;
const SHT_DYNSYM = 11;
const DT_NULL = 0;
const DT_HASH = 4;
const DT_STRTAB = 5;
const DT_SYMTAB = 6;
const DT_GNU_HASH = 0x6ffffef5;
const MAX_DYNAMIC_BYTES = 1 << 16;
/** Longest walk through one hash bucket; real ones are below 20. */
const MAX_CHAIN = 1 << 12;
/** No name we look for is longer; bounds the work on a string table without an end. */
const MAX_NAME = 64;
/** A whole symbol or string table; Chromium's is 200 MB, and that is no Python. */
const MAX_TABLE_BYTES = 1 << 28;

export interface SymbolSource {
  readonly file: ReadAt;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  /** Load bias when the bytes were read from memory, else 0. */
  readonly relocated: number;
}

/** Values of those `names` that the file defines. */
export function lookUpSymbols(source: SymbolSource, names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  const dynamic = readDynamic(source);
  if (dynamic !== null) lookUpHashed(source.file, dynamic, names, found);
  else scanTables(source, SHT_DYNSYM, names, found);
  // A name that .dynsym lacks beside others it has is hidden, and then local in .symtab too: not worth megabytes.
  if (found.size === 0) scanTables(source, SHT_SYMTAB, names, found);
  return found;
}

/** File offsets of the tables that .dynamic points to. */
interface DynamicTables {
  readonly symbols: number;
  readonly strings: number;
  readonly hash: { readonly form: "gnu" | "sysv"; readonly at: number };
}

function readDynamic(source: SymbolSource): DynamicTables | null {
  const entries = dynamicEntries(source);
  const offsetOf = (tag: number): number | null => fileOffsetOf(source, entries.get(tag));
  const [symbols, strings] = [offsetOf(DT_SYMTAB), offsetOf(DT_STRTAB)];
  const [gnu, sysv] = [offsetOf(DT_GNU_HASH), offsetOf(DT_HASH)];
  if (symbols === null || strings === null) return null;
  if (gnu !== null) return { symbols, strings, hash: { form: "gnu", at: gnu } };
  return sysv === null ? null : { symbols, strings, hash: { form: "sysv", at: sysv } };
}

function dynamicEntries(source: SymbolSource): Map<number, number> {
  const entries = new Map<number, number>();
  const segment = source.segments.find((candidate) => candidate.type === PT_DYNAMIC);
  if (segment === undefined) return entries;
  const view = viewOf(source.file.read(segment.offset, Math.min(segment.fileBytes, MAX_DYNAMIC_BYTES)));
  for (let at = 0; at + 16 <= view.byteLength; at += 16) {
    const tag = readU64(view, at);
    if (tag === DT_NULL) break;
    entries.set(tag, readU64(view, at + 8));
  }
  return entries;
}

// .dynamic holds addresses; in memory glibc has added the load bias to some of them (elf/get-dynamic-info.h).
function fileOffsetOf(source: SymbolSource, address: number | undefined): number | null {
  if (address === undefined) return null;
  for (const candidate of [address, address - source.relocated]) {
    const load = source.segments.find(
      (s) => s.type === PT_LOAD && candidate >= s.address && candidate < s.address + s.fileBytes,
    );
    if (load !== undefined) return load.offset + (candidate - load.address);
  }
  return null;
}

function lookUpHashed(file: ReadAt, tables: DynamicTables, names: readonly string[], found: Map<string, number>): void {
  const chainOf = tables.hash.form === "gnu" ? gnuChain(file, tables.hash.at) : sysvChain(file, tables.hash.at);
  for (const name of names) {
    for (const index of chainOf(name)) {
      const value = symbolNamed(file, tables, index, name);
      if (value === null) continue;
      found.set(name, value);
      break;
    }
  }
}

/** Indices of the symbols that may carry a name. */
type Chain = (name: string) => Iterable<number>;

// Layout: nbuckets, symoffset, bloomWords, bloomShift | bloom u64[] | buckets u32[] | chain u32[] from symoffset on.
function gnuChain(file: ReadAt, at: number): Chain {
  const [bucketCount, firstSymbol, bloomWords, bloomShift] = [
    u32(file, at),
    u32(file, at + 4),
    u32(file, at + 8),
    u32(file, at + 12),
  ];
  const buckets = at + 16 + bloomWords * 8;
  const chain = buckets + bucketCount * 4;
  return function* (name) {
    if (bucketCount === 0 || bloomWords === 0) return;
    const hash = gnuHash(name);
    const bit = (which: number): number => {
      const word = at + 16 + ((hash >>> 6) % bloomWords) * 8;
      return (u32(file, word + (which & 32 ? 4 : 0)) >>> (which & 31)) & 1;
    };
    if ((bit(hash & 63) & bit((hash >>> bloomShift) & 63)) === 0) return;
    let index = u32(file, buckets + (hash % bucketCount) * 4);
    if (index < firstSymbol) return;
    for (let steps = 0; steps < MAX_CHAIN; steps++, index++) {
      const entry = u32(file, chain + (index - firstSymbol) * 4);
      if ((entry | 1) === (hash | 1)) yield index;
      if ((entry & 1) === 1) return;
    }
  };
}

// Layout: nbucket, nchain | bucket u32[nbucket] | chain u32[nchain]; index 0 ends a chain.
function sysvChain(file: ReadAt, at: number): Chain {
  const bucketCount = u32(file, at);
  const chain = at + 8 + bucketCount * 4;
  return function* (name) {
    if (bucketCount === 0) return;
    let index = u32(file, at + 8 + (sysvHash(name) % bucketCount) * 4);
    for (let steps = 0; index !== 0 && steps < MAX_CHAIN; steps++) {
      yield index;
      index = u32(file, chain + index * 4);
    }
  };
}

function symbolNamed(file: ReadAt, tables: DynamicTables, index: number, name: string): number | null {
  const bytes = file.read(tables.symbols + index * SYMBOL_BYTES, SYMBOL_BYTES);
  if (bytes.length < SYMBOL_BYTES) return null;
  const view = viewOf(bytes);
  if (!isDefined(view, 0)) return null;
  const text = file.read(tables.strings + view.getUint32(0, true), name.length + 1);
  return isText(text, 0, name) ? readU64(view, 8) : null;
}

function scanTables(source: SymbolSource, type: number, names: readonly string[], found: Map<string, number>): void {
  const missing = new Map(names.filter((name) => !found.has(name)).map((name) => [gnuHash(name), name]));
  if (missing.size === 0) return;
  for (const section of source.sections) {
    if (section.type === type) scanTable(source, section, missing, found);
  }
}

function scanTable(
  source: SymbolSource,
  table: ElfSection,
  missing: Map<number, string>,
  found: Map<string, number>,
): void {
  const stringTable = source.sections[table.link];
  if (stringTable === undefined || Math.max(table.size, stringTable.size) > MAX_TABLE_BYTES) return;
  const symbols = viewOf(source.file.read(table.offset, table.size));
  const strings = source.file.read(stringTable.offset, stringTable.size);
  for (let at = 0; at + SYMBOL_BYTES <= symbols.byteLength; at += SYMBOL_BYTES) {
    if (!isGlobal(symbols, at) || !isDefined(symbols, at)) continue;
    const start = symbols.getUint32(at, true);
    const name = missing.get(gnuHashOfBytes(strings, start));
    if (name !== undefined && isText(strings, start, name)) found.set(name, readU64(symbols, at + 8));
  }
}

function isDefined(symbols: DataView, at: number): boolean {
  return symbols.getUint16(at + 6, true) !== 0;
}

// st_info >> 4: 1 is STB_GLOBAL, 2 is STB_WEAK. A static `version` or `PyList_Type` of some other file is not ours.
function isGlobal(symbols: DataView, at: number): boolean {
  const binding = symbols.getUint8(at + 4) >>> 4;
  return binding === 1 || binding === 2;
}

function isText(bytes: Uint8Array, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    if (bytes[start + i] !== name.charCodeAt(i)) return false;
  }
  return bytes[start + name.length] === 0;
}

function gnuHash(name: string): number {
  let hash = 5381;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 33) + name.charCodeAt(i)) >>> 0;
  return hash;
}

function gnuHashOfBytes(bytes: Uint8Array, start: number): number {
  let hash = 5381;
  const end = Math.min(bytes.length, start + MAX_NAME);
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0) return hash >>> 0;
    hash = (Math.imul(hash, 33) + byte) | 0;
  }
  return hash >>> 0;
}

function sysvHash(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) {
    hash = ((hash << 4) + name.charCodeAt(i)) >>> 0;
    const top = hash & 0xf0000000;
    hash = (hash ^ (top >>> 24)) & ~top;
  }
  return hash >>> 0;
}

function u32(file: ReadAt, at: number): number {
  const bytes = file.read(at, 4);
  return bytes.length === 4 ? viewOf(bytes).getUint32(0, true) : 0;
}
