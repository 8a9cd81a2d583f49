// Objects of C extensions whose references lie outside the object itself. Their structs are in no header we could compile
// against; each reader is used only when tp_basicsize is the one known here (kinds.ts), and tested against the libraries.

import { byteAt } from "../base/byte-windows.ts";
import { copyConservative, copyElements, copyField, copyNamed, type ReferenceScan, slotAt } from "./copy-references.ts";
import { int64At } from "./image-access.ts";
import { fieldLabel } from "./labels.ts";

/** More elements than this in one array are a torn read. */
const ELEMENT_LIMIT = 2 ** 31;

// All offsets here count from the end of the object's head.

// numpy/core/include/numpy/ndarraytypes.h, PyArrayObject_fields: stable since 1.7.
export const NDARRAY = {
  data: 0,
  dimensionCount: 8,
  dimensions: 16,
  base: 32,
  descriptor: 40,
  flags: 48,
  ownsData: 4,
} as const;
const MAX_DIMENSIONS = 64;

/** numpy: element bytes count only where the array owns them; arrays of objects have no traverse but own their elements. */
export function scanNdarray(scan: ReferenceScan, slot: number, start: number): number {
  const { words } = scan;
  const { size: headBytes } = scan.layout.objectHead;
  const own = slot + headBytes / 8;
  let at = copyNamed(scan, slot, headBytes + NDARRAY.base, start);
  at = copyNamed(scan, slot, headBytes + NDARRAY.descriptor, at);
  const dimensionCount = words[(own + NDARRAY.dimensionCount / 8) * 2]!;
  const descriptor = slotAt(scan, own + NDARRAY.descriptor / 8);
  if (dimensionCount > MAX_DIMENSIONS || descriptor === 0) return at;
  scan.bytes += dimensionCount * 16;
  if ((words[(own + NDARRAY.flags / 8) * 2]! & NDARRAY.ownsData) === 0) return at;
  const items = readDescriptor(scan, descriptor);
  const count = productOf(scan, slotAt(scan, own + NDARRAY.dimensions / 8), dimensionCount);
  if (!(count >= 0 && count * items.bytes <= 2 ** 44)) return at;
  scan.bytes += count * items.bytes;
  if (!items.hasObjects || count >= ELEMENT_LIMIT) return at;
  const data = slotAt(scan, own + NDARRAY.data / 8);
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
 * PyArray_Descr begins {typeobj, kind, type, byteorder, flags as char, type_num} up to byte 16. Then numpy 1 has elsize and
 * alignment as two 32-bit ints, numpy 2 flags, elsize and alignment as three 64-bit ones. An alignment at 32 is small only
 * in numpy 2: numpy 1 has a pointer or null there.
 */
function readDescriptor(
  scan: ReferenceScan,
  descriptor: number,
): { bytes: number; hasObjects: boolean; isObject: boolean } {
  const { words, image, offsets } = scan;
  const own = descriptor + offsets.headSize;
  const alignment = int64At(image, own + 4);
  const isNumpy2 = alignment >= 1 && alignment <= 64;
  const flags = isNumpy2 ? words[(own + 2) * 2]! : byteAt(image.bytes, own * 8 + 11);
  return {
    bytes: isNumpy2 ? int64At(image, own + 3) : words[(own + 2) * 2]!,
    hasObjects: (flags & 1) !== 0,
    isObject: byteAt(image.bytes, own * 8 + 8) === 0x4f,
  };
}

// Modules/_elementtree.c, 3.8-3.13: {tag, text, tail, extra, weakreflist}; text and tail carry a flag in bit 0.
// The extra block: {attrib, length, allocated, children, four children inside}.
export const ELEMENT = { tag: 0, text: 8, tail: 16, extra: 24 } as const;
const EXTRA = { attrib: 0, length: 1, allocated: 2, children: 3, inside: 4, insideLength: 4, bytes: 64 } as const;

export function scanElement(scan: ReferenceScan, slot: number, start: number): number {
  const { size: headBytes } = scan.layout.objectHead;
  let at = copyNamed(scan, slot, headBytes + ELEMENT.tag, start);
  at = copyFlagged(scan, slot, headBytes + ELEMENT.text, at);
  at = copyFlagged(scan, slot, headBytes + ELEMENT.tail, at);
  const extra = slotAt(scan, slot + (headBytes + ELEMENT.extra) / 8);
  if (extra === 0) return at;
  at = copyField(scan, extra + EXTRA.attrib, fieldLabel(headBytes + ELEMENT.extra), at);
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
export const SIMPLE_QUEUE = { get: 16, items: 24, capacity: 32, count: 40 } as const;

export function scanSimpleQueue(scan: ReferenceScan, slot: number, start: number): number {
  const own = slot + scan.offsets.headSize;
  const items = slotAt(scan, own + SIMPLE_QUEUE.items / 8);
  const capacity = int64At(scan.image, own + SIMPLE_QUEUE.capacity / 8);
  const count = int64At(scan.image, own + SIMPLE_QUEUE.count / 8);
  const first = int64At(scan.image, own + SIMPLE_QUEUE.get / 8);
  if (items === 0 || capacity < count || count < 0 || first < 0 || first >= capacity || capacity > ELEMENT_LIMIT)
    return start;
  scan.bytes += capacity * 8;
  const beforeEnd = Math.min(count, capacity - first);
  const at = copyElements(scan, items + first, beforeEnd, start);
  return copyElements(scan, items, count - beforeEnd, at);
}
