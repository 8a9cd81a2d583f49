// Objects of C extensions whose references lie outside the object itself. Their structs are in no header we could compile
// against; each reader is used only when tp_basicsize is the one known here (kinds.ts), and tested against the libraries.

import { byteAt } from "../base/byte-windows.ts";
import { copyConservative, copyElements, copyField, copyNamed, type ReferenceScan, slotAt } from "./copy-references.ts";
import { int64At } from "./image-access.ts";
import { fieldLabel } from "./labels.ts";

/** More elements than this in one array are a torn read. */
const ELEMENT_LIMIT = 2 ** 31;

// numpy/core/include/numpy/ndarraytypes.h, PyArrayObject_fields: stable since 1.7.
export const NDARRAY = {
  data: 16,
  dimensionCount: 24,
  dimensions: 32,
  base: 48,
  descriptor: 56,
  flags: 64,
  ownsData: 4,
} as const;
const MAX_DIMENSIONS = 64;

/** numpy: element bytes count only where the array owns them; arrays of objects have no traverse but own their elements. */
export function scanNdarray(scan: ReferenceScan, slot: number, start: number): number {
  const { words } = scan;
  let at = copyNamed(scan, slot, NDARRAY.base, start);
  at = copyNamed(scan, slot, NDARRAY.descriptor, at);
  const dimensionCount = words[(slot + NDARRAY.dimensionCount / 8) * 2]!;
  const descriptor = slotAt(scan, slot + NDARRAY.descriptor / 8);
  if (dimensionCount > MAX_DIMENSIONS || descriptor === 0) return at;
  scan.bytes += dimensionCount * 16;
  if ((words[(slot + NDARRAY.flags / 8) * 2]! & NDARRAY.ownsData) === 0) return at;
  const items = readDescriptor(scan, descriptor);
  const count = productOf(scan, slotAt(scan, slot + NDARRAY.dimensions / 8), dimensionCount);
  if (!(count >= 0 && count * items.bytes <= 2 ** 44)) return at;
  scan.bytes += count * items.bytes;
  if (!items.hasObjects || count >= ELEMENT_LIMIT) return at;
  const data = slotAt(scan, slot + NDARRAY.data / 8);
  // A structured array keeps objects in some of its fields: every aligned word may be one.
  return items.isObject
    ? copyElements(scan, data, count, at)
    : copyConservative(scan, data, (count * items.bytes) / 8, at);
}

function productOf(scan: ReferenceScan, dimensions: number, dimensionCount: number): number {
  let product = 1;
  for (let i = 0; i < dimensionCount; i++) product *= int64At(scan.image, dimensions + i);
  return product;
}

/**
 * PyArray_Descr begins {typeobj, kind, type, byteorder, flags as char, type_num} up to byte 32. Then numpy 1 has elsize and
 * alignment as two 32-bit ints, numpy 2 flags, elsize and alignment as three 64-bit ones. An alignment at 48 is small only
 * in numpy 2: numpy 1 has a pointer or null there.
 */
function readDescriptor(
  scan: ReferenceScan,
  descriptor: number,
): { bytes: number; hasObjects: boolean; isObject: boolean } {
  const { words, image } = scan;
  const alignment = int64At(image, descriptor + 6);
  const isNumpy2 = alignment >= 1 && alignment <= 64;
  const flags = isNumpy2 ? words[(descriptor + 4) * 2]! : byteAt(image.bytes, descriptor * 8 + 27);
  return {
    bytes: isNumpy2 ? int64At(image, descriptor + 5) : words[(descriptor + 4) * 2]!,
    hasObjects: (flags & 1) !== 0,
    isObject: byteAt(image.bytes, descriptor * 8 + 24) === 0x4f,
  };
}

// Modules/_elementtree.c, 3.8-3.13: {tag, text, tail, extra, weakreflist}; text and tail carry a flag in bit 0.
// The extra block: {attrib, length, allocated, children, four children inside}.
export const ELEMENT = { tag: 16, text: 24, tail: 32, extra: 40 } as const;
const EXTRA = { attrib: 0, length: 1, allocated: 2, children: 3, inside: 4, insideLength: 4, bytes: 64 } as const;

export function scanElement(scan: ReferenceScan, slot: number, start: number): number {
  let at = copyNamed(scan, slot, ELEMENT.tag, start);
  at = copyFlagged(scan, slot, ELEMENT.text, at);
  at = copyFlagged(scan, slot, ELEMENT.tail, at);
  const extra = slotAt(scan, slot + ELEMENT.extra / 8);
  if (extra === 0) return at;
  at = copyField(scan, extra + EXTRA.attrib, fieldLabel(ELEMENT.extra), at);
  const children = slotAt(scan, extra + EXTRA.children);
  const allocated = int64At(scan.image, extra + EXTRA.allocated);
  const isInside = children === extra + EXTRA.inside;
  scan.bytes += EXTRA.bytes + (isInside || allocated > ELEMENT_LIMIT ? 0 : Math.max(0, allocated) * 8);
  return copyElements(scan, children, int64At(scan.image, extra + EXTRA.length), at);
}

/** A pointer whose bit 0 is a flag. */
function copyFlagged(scan: ReferenceScan, slot: number, offset: number, at: number): number {
  const word = (slot + offset / 8) * 2;
  const low = (scan.words[word]! & ~1) >>> 0;
  const high = scan.words[word + 1]!;
  const page = high > 0xffff ? 0 : scan.pageTable[(scan.highTable[high]! << 20) | (low >>> 12)]!;
  if (page === 0 || (low & 7) !== 0) return at;
  scan.target[at] = page * 512 + ((low & 4095) >>> 3);
  scan.label[at] = fieldLabel(offset);
  return at + 1;
}

// Modules/_queuemodule.c, 3.13: a ring buffer {put, get, items, capacity, count}. Earlier versions keep a list.
export const SIMPLE_QUEUE = { get: 32, items: 40, capacity: 48, count: 56 } as const;

export function scanSimpleQueue(scan: ReferenceScan, slot: number, start: number): number {
  const items = slotAt(scan, slot + SIMPLE_QUEUE.items / 8);
  const capacity = int64At(scan.image, slot + SIMPLE_QUEUE.capacity / 8);
  const count = int64At(scan.image, slot + SIMPLE_QUEUE.count / 8);
  const first = int64At(scan.image, slot + SIMPLE_QUEUE.get / 8);
  if (items === 0 || capacity < count || count < 0 || first < 0 || first >= capacity || capacity > ELEMENT_LIMIT)
    return start;
  scan.bytes += capacity * 8;
  const beforeEnd = Math.min(count, capacity - first);
  const at = copyElements(scan, items + first, beforeEnd, start);
  return copyElements(scan, items, count - beforeEnd, at);
}
