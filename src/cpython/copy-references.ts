// Copies words of the target into the candidate buffers of a ReferenceScan: the primitives all scanners share.
//
// A scan appends candidate slots and labels from position `at` and returns the new end. Candidates are not yet known to
// be objects: the walker checks them. Positional candidates (label 0) keep their place even when they lead nowhere
// (slot 0), so that element i stays element i.
//
// The arithmetic of image-access.ts is repeated here on locals on purpose: these loops see every reference of the heap.

import { ATTRIBUTE_LABEL, fieldLabel } from "./labels.ts";
import type { Layout } from "./layout.ts";
import type { MemoryImage } from "./memory-image.ts";
import type { Offsets } from "./offsets.ts";
import type { TypeTable } from "./type-table.ts";

/** Attribute labels have 15 bits. */
const ATTRIBUTE_LIMIT = 0x8000;

/** Where a scan reads from and writes to. One per walk. */
export interface ReferenceScan {
  readonly image: MemoryImage;
  readonly layout: Layout;
  readonly offsets: Offsets;
  readonly types: TypeTable;
  readonly words: Uint32Array;
  readonly highTable: Uint8Array;
  readonly pageTable: Uint32Array;
  readonly runEnd: Uint32Array;
  /** Candidate slots, 0 for "leads nowhere". */
  target: Uint32Array;
  label: Uint16Array;
  /** Out: shallow bytes of the object scanned last. */
  bytes: number;
  /** Out: its type row, perhaps a variant of the one passed in. */
  row: number;
}

/** `count` words that may hold pointers, without names. */
export function copyConservative(scan: ReferenceScan, first: number, count: number, start: number): number {
  const { words, highTable, pageTable, target, label } = scan;
  const end = first + withinRun(scan, first, count);
  let at = start;
  for (let slot = first; slot < end; slot++) {
    const low = words[slot * 2]!;
    const high = words[slot * 2 + 1]!;
    if (high > 0xffff || (low & 7) !== 0) continue;
    const page = pageTable[(highTable[high]! << 20) | (low >>> 12)]!;
    if (page === 0) continue;
    target[at] = page * 512 + ((low & 4095) >>> 3);
    label[at] = fieldLabel(-1);
    at += 1;
  }
  return at;
}

/** `count` words that are pointers: elements of a sequence, in order. */
export function copyElements(scan: ReferenceScan, first: number, count: number, start: number): number {
  const { words, highTable, pageTable, target, label } = scan;
  const end = first + withinRun(scan, first, count);
  let at = start;
  for (let slot = first; slot < end; slot++) {
    const low = words[slot * 2]!;
    const page = pageTable[(highTable[words[slot * 2 + 1]! & 0xffff]! << 20) | (low >>> 12)]!;
    target[at] = page === 0 ? 0 : page * 512 + ((low & 4095) >>> 3);
    label[at] = 0;
    at += 1;
  }
  return at;
}

/** `count` words that are pointers or null: attribute values in the order of their shared keys. */
export function copyAttributes(scan: ReferenceScan, first: number, count: number, start: number): number {
  if (count > ATTRIBUTE_LIMIT) return copyConservative(scan, first, count, start);
  const { words, highTable, pageTable, target, label } = scan;
  const end = first + withinRun(scan, first, count);
  let at = start;
  for (let slot = first; slot < end; slot++) {
    const low = words[slot * 2]!;
    const page = pageTable[(highTable[words[slot * 2 + 1]! & 0xffff]! << 20) | (low >>> 12)]!;
    if (page === 0) continue;
    target[at] = page * 512 + ((low & 4095) >>> 3);
    label[at] = ATTRIBUTE_LABEL | (slot - first);
    at += 1;
  }
  return at;
}

/** One pointer field with a given label; nothing when it leads nowhere. */
export function copyField(scan: ReferenceScan, field: number, label: number, at: number): number {
  const { words, highTable, pageTable } = scan;
  const low = words[field * 2]!;
  const high = words[field * 2 + 1]!;
  if (high > 0xffff) return at;
  const page = pageTable[(highTable[high]! << 20) | (low >>> 12)]!;
  if (page === 0 || (low & 7) !== 0) return at;
  scan.target[at] = page * 512 + ((low & 4095) >>> 3);
  scan.label[at] = label;
  return at + 1;
}

/** One pointer field whose lowest bits mean something else; nothing when it leads nowhere. */
export function copyTagged(scan: ReferenceScan, field: number, label: number, at: number): number {
  const slot = slotAt(scan, field);
  if (slot === 0) return at;
  scan.target[at] = slot;
  scan.label[at] = label;
  return at + 1;
}

/** `count`, cut so that [first, first + count) stays inside the run of `first`: a torn count must not run away. */
export function withinRun(scan: ReferenceScan, first: number, count: number): number {
  if (first < 512 || count <= 0) return 0;
  const room = (scan.runEnd[(first / 512) | 0]! + 1) * 512 - first;
  return count < room ? count : room;
}

/** True when `bytes` from the start of `slot` on lie in its run. */
export function fitsRun(scan: ReferenceScan, slot: number, bytes: number): boolean {
  return slot * 8 + bytes <= (scan.runEnd[(slot / 512) | 0]! + 1) * 4096;
}

/** Slot a pointer word leads to, 0 when nowhere. */
export function slotAt(scan: ReferenceScan, slot: number): number {
  const { words } = scan;
  const low = words[slot * 2]!;
  const high = words[slot * 2 + 1]!;
  if (high > 0xffff) return 0;
  const page = scan.pageTable[(scan.highTable[high]! << 20) | (low >>> 12)]!;
  return page === 0 ? 0 : page * 512 + ((low & 4095) >>> 3);
}

/** One pointer field, labelled by its byte offset. */
export function copyNamed(scan: ReferenceScan, slot: number, byteOffset: number, at: number): number {
  return copyField(scan, slot + byteOffset / 8, fieldLabel(byteOffset), at);
}

/** Words [from, to) of the object, in bytes, without the one at `skip`; conservative. */
export function copyRange(
  scan: ReferenceScan,
  slot: number,
  from: number,
  to: number,
  skip: number,
  start: number,
): number {
  let at = start;
  for (let offset = from; offset < to; offset += 8) if (offset !== skip) at = copyNamed(scan, slot, offset, at);
  return at;
}
