// References and sizes of dicts: Objects/dictobject.c of CPython 3.8-3.15.

import { copyAttributes, type ReferenceScan, slotAt, withinRun } from "./copy-references.ts";
import { Managed } from "./offsets.ts";
import { variantOf } from "./type-table.ts";

/** Keys and values of a dict. A split table's keys belong to its keys object, so only the values are its own. */
export function scanDict(scan: ReferenceScan, slot: number, at: number): number {
  const { words, offsets } = scan;
  const keys = slotAt(scan, slot + offsets.dictKeys);
  if (keys === 0) return at;
  const valuesWord = (slot + offsets.dictValues) * 2;
  if ((words[valuesWord]! | words[valuesWord + 1]!) !== 0) return scanSplitDict(scan, slot, keys, at);
  if (words[keys * 2] === 1) scan.bytes += keysBytes(scan, keys);
  const entryCount = words[(keys + offsets.keysEntryCount) * 2]!;
  const entries = keys + offsets.keysIndices + indexBytes(scan, keys) / 8;
  const isGeneral = !offsets.log2Keys || ((words[keys * 2 + 2]! >>> 16) & 255) === 0;
  return isGeneral ? copyPairs(scan, entries + 1, entryCount, 3, at) : copyPairs(scan, entries, entryCount, 2, at);
}

/** Entries `stride` slots apart: key at `first`, value behind it. A null value is a deleted entry. */
function copyPairs(scan: ReferenceScan, first: number, count: number, stride: number, start: number): number {
  const { words, highTable, pageTable, target, label } = scan;
  const end = first + withinRun(scan, first, count * stride);
  let at = start;
  for (let slot = first; slot + 1 < end; slot += stride) {
    const word = slot * 2;
    const valueLow = words[word + 2]!;
    const valueHigh = words[word + 3]!;
    if ((valueLow | valueHigh) === 0) continue;
    const keyLow = words[word]!;
    const keyPage = pageTable[(highTable[words[word + 1]! & 0xffff]! << 20) | (keyLow >>> 12)]!;
    const valuePage = pageTable[(highTable[valueHigh & 0xffff]! << 20) | (valueLow >>> 12)]!;
    target[at] = keyPage === 0 ? 0 : keyPage * 512 + ((keyLow & 4095) >>> 3);
    label[at] = 0;
    target[at + 1] = valuePage === 0 ? 0 : valuePage * 512 + ((valueLow & 4095) >>> 3);
    label[at + 1] = 0;
    at += 2;
  }
  return at;
}

function scanSplitDict(scan: ReferenceScan, slot: number, keys: number, at: number): number {
  const { words, offsets, layout } = scan;
  const values = slotAt(scan, slot + offsets.dictValues);
  if (values === 0) return at;
  const entryCount = words[(keys + offsets.keysEntryCount) * 2]!;
  const usable = words[(keys + offsets.keysUsable) * 2]!;
  if (words[keys * 2] === 1) scan.bytes += keysBytes(scan, keys);
  scan.row = variantOf(scan.types, scan.row, keys);
  if (offsets.managed === Managed.inline) {
    const header = words[values * 2]!;
    const isEmbedded = ((header >>> ((layout.managedDict.valuesEmbedded ?? 0) * 8)) & 255) !== 0;
    if (isEmbedded)
      return offsets.dictHoldsInline ? copyAttributes(scan, values + offsets.valuesHeader, entryCount, at) : at;
  }
  scan.bytes += (offsets.log2Keys ? entryCount + usable : Math.floor((words[keys * 2 + 2]! * 2) / 3)) * 8;
  return copyAttributes(scan, values + offsets.valuesHeader, entryCount, at);
}

/** Powers of two: `**` is a call into C. */
const POWERS: Float64Array = Float64Array.from({ length: 64 }, (_, i) => 2 ** i);

/** Bytes of the index table of a keys object. */
export function indexBytes(scan: ReferenceScan, keys: number): number {
  const { words, offsets } = scan;
  if (offsets.log2Keys) return POWERS[(words[keys * 2 + 2]! >>> 8) & 63]!;
  const size = words[keys * 2 + 2]!;
  return Math.max(8, size * (size <= 0xff ? 1 : size <= 0xffff ? 2 : 4));
}

/** Bytes of a keys object: header, index table and room for entries. */
export function keysBytes(scan: ReferenceScan, keys: number): number {
  const { words, offsets } = scan;
  const header = offsets.keysIndices * 8 + indexBytes(scan, keys);
  if (!offsets.log2Keys) return header + Math.floor((words[keys * 2 + 2]! * 2) / 3) * 24;
  const form = words[keys * 2 + 2]!;
  const room = Math.floor((POWERS[form & 63]! * 2) / 3);
  return header + room * (((form >>> 16) & 255) === 0 ? 24 : 16);
}
