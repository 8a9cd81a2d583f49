// Finds pymalloc's table of arenas in a running process. No symbol leads to it in a stripped build, and its place in the
// interpreter's state moved between bug-fix releases; but the table itself cannot be mistaken: every entry is either unused or an
// arena whose pools add up. So the interpreter's own data is searched once for words that lead to one.

import { HIGH_WORD } from "../base/uint32.ts";
import type { Addr } from "../base/brand.ts";
import type { Layout } from "./layout.ts";
import type { OutsideReader } from "./memory-image.ts";
import { wordAt } from "./outside-words.ts";

/** A range of the target's memory. */
export interface DataRange {
  readonly start: number;
  readonly end: number;
}

/** One arena as its entry describes it. */
export interface Arena {
  readonly address: number;
  /** The first pool, and the first that was never cut off: between them are pools in use and freed ones. */
  readonly firstPool: number;
  readonly nextPool: number;
  /** Freed pools and those never cut off. */
  readonly freePools: number;
  readonly totalPools: number;
}

/**
 * Words that lead into the table: `arenas` itself, and others such as `usable_arenas`. The table may move when it grows, and
 * they with it; the lowest is always its start.
 */
export interface ArenaRoots {
  readonly words: readonly number[];
}

/** Objects/obmalloc.c, INITIAL_ARENA_OBJECTS: the table begins with 16 entries and doubles. */
const FIRST_ENTRIES = 16;
/** 1 TiB of arenas of 1 MiB. */
const MOST_ENTRIES = 1 << 20;
const LARGEST_RANGE_BYTES = 1 << 24;
const LOWEST_POINTER = 1 << 16;
const HIGHEST_POINTER = 2 ** 47;

/** Null when there is no table: the program does not use pymalloc (PYTHONMALLOC=malloc), or it cannot be read. */
export function findArenaRoots(memory: OutsideReader, data: readonly DataRange[], layout: Layout): ArenaRoots | null {
  const found = data.flatMap((range) => wordsThatLeadToArenas(memory, range, layout));
  const table = Math.min(...found.map(({ target }) => target));
  const end = table + arenaEntries(memory, table, layout) * layout.allocator.arenaEntrySize;
  const words = found.filter(({ target }) => target < end).map(({ at }) => at);
  return words.length === 0 ? null : { words };
}

interface Word {
  readonly at: number;
  readonly target: number;
}

function wordsThatLeadToArenas(memory: OutsideReader, { start, end }: DataRange, layout: Layout): Word[] {
  const bytes = memory.read(start as Addr, Math.min(end - start, LARGEST_RANGE_BYTES));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Word[] = [];
  const known = new Map<number, boolean>();
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const target = view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
    if (target % 16 !== 0 || target < LOWEST_POINTER || target >= HIGHEST_POINTER) continue;
    let leads = known.get(target);
    if (leads === undefined) {
      leads = isArenaEntry(memory, target, layout);
      known.set(target, leads);
    }
    if (leads) found.push({ at: start + at, target });
  }
  return found;
}

/** An entry that stands for an arena. Unused ones are mostly zeros and would let anything pass. */
function isArenaEntry(memory: OutsideReader, address: number, layout: Layout): boolean {
  const bytes = memory.read(address as Addr, layout.allocator.arenaEntrySize);
  if (bytes.length < layout.allocator.arenaEntrySize) return false;
  const entry = entryAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, layout);
  return entry !== null && entry !== "unused" && hasPools(memory, entry, layout);
}

/** The pools that were cut off say themselves which arena they belong to; one is enough. */
function hasPools(memory: OutsideReader, { firstPool, nextPool }: Arena, { allocator }: Layout): boolean {
  if (nextPool === firstPool) return true;
  const bytes = memory.read(firstPool as Addr, allocator.poolHeaderSize);
  if (bytes.length < allocator.poolHeaderSize) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return (
    view.getUint32(allocator.poolSizeIndex, true) < 64 && view.getUint32(allocator.poolArenaIndex, true) < MOST_ENTRIES
  );
}

/** The arenas there are now; null when the words lead nowhere any more. O(entries). */
export function readArenas(memory: OutsideReader, { words }: ArenaRoots, layout: Layout): Arena[] | null {
  const targets = words.map((word) => wordAt(memory, word)).filter((target) => target !== null && target !== 0);
  const table = Math.min(...targets.map(Number));
  if (!Number.isFinite(table)) return null;
  const count = arenaEntries(memory, table, layout);
  const { arenaEntrySize } = layout.allocator;
  const bytes = memory.read(table as Addr, count * arenaEntrySize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const arenas = new Map<number, Arena>();
  for (let at = 0; at + arenaEntrySize <= bytes.length; at += arenaEntrySize) {
    const entry = entryAt(view, at, layout);
    if (entry !== null && entry !== "unused") arenas.set(entry.address, entry);
  }
  return arenas.size === 0 ? null : [...arenas.values()];
}

/**
 * How many entries the table has: it doubles from 16 while what follows still looks like entries. At most one unused entry
 * ends the list of unused ones, so that zeros behind the table do not pass for entries.
 */
function arenaEntries(memory: OutsideReader, table: number, layout: Layout): number {
  const { arenaEntrySize } = layout.allocator;
  if (!Number.isFinite(table)) return 0;
  let count = 0;
  for (let size = FIRST_ENTRIES, ends = 0; size <= MOST_ENTRIES; size *= 2) {
    const bytes = memory.read((table + count * arenaEntrySize) as Addr, (size - count) * arenaEntrySize);
    if (bytes.length < (size - count) * arenaEntrySize) break;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const more = endsOfUnused(view, layout);
    if (more === null || ends + more > 1) break;
    ends += more;
    count = size;
  }
  return count;
}

/** Unused entries without a successor; null when something is no entry. */
function endsOfUnused(view: DataView, layout: Layout): number | null {
  const { arenaEntrySize, arenaNext } = layout.allocator;
  let ends = 0;
  for (let at = 0; at + arenaEntrySize <= view.byteLength; at += arenaEntrySize) {
    const entry = entryAt(view, at, layout);
    if (entry === null) return null;
    if (entry === "unused" && word(view, at + arenaNext) === 0) ends += 1;
  }
  return ends;
}

function entryAt(view: DataView, at: number, { allocator }: Layout): Arena | "unused" | null {
  const { arenaBytes, poolBytes } = allocator;
  const address = word(view, at + allocator.arenaAddress);
  if (address === 0) return "unused";
  const nextPool = word(view, at + allocator.arenaNextPool);
  const freePools = view.getUint32(at + allocator.arenaFreePools, true);
  const totalPools = view.getUint32(at + allocator.arenaTotalPools, true);
  const firstPool = Math.ceil(address / poolBytes) * poolBytes;
  const isArena =
    totalPools === (firstPool === address ? arenaBytes / poolBytes : arenaBytes / poolBytes - 1) &&
    freePools <= totalPools &&
    nextPool % poolBytes === 0 &&
    nextPool >= firstPool &&
    nextPool <= firstPool + totalPools * poolBytes;
  return isArena ? { address, firstPool, nextPool, freePools, totalPools } : null;
}

function word(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
}
