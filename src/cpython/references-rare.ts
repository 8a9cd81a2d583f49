// Finds the references of objects whose structs need special reading: the cold half of references.ts.
// Sources: CPython 3.8-3.15, the files named at each function; offsets from the generated layouts.

import {
  copyConservative,
  copyElements,
  copyField,
  copyNamed,
  copyRange,
  fitsRun,
  type ReferenceScan,
  slotAt,
  withinRun,
} from "./copy-references.ts";
import type { Addr } from "../base/brand.ts";
import { bytesAt, int64At, pointerAt } from "./image-access.ts";
import { Kind } from "./kinds.ts";
import { POSITIONAL_LABEL, SHARED_KEY_LABEL } from "./labels.ts";
import { scanContextNode, scanContextVariable } from "./references-context.ts";
import { scanElement, scanNdarray, scanSimpleQueue } from "./references-extension.ts";
import { indexBytes, keysBytes, scanDict } from "./references-dict.ts";
import { scanFrameObject, scanFrameView, scanGenerator } from "./references-frames.ts";

export function scanRare(scan: ReferenceScan, slot: number, row: number, kind: Kind, at: number): number {
  switch (kind) {
    case Kind.int:
      return sizeOfInt(scan, slot, at);
    case Kind.bytes:
      return sizeOfBytes(scan, slot, at);
    case Kind.bytearray:
      return sizeOfBytearray(scan, slot, at);
    case Kind.set:
      return scanSet(scan, slot, at);
    case Kind.orderedDict:
      return scanOrderedDict(scan, slot, at);
    case Kind.type:
      return scanType(scan, slot, at);
    case Kind.weakref:
      return copyNamed(scan, slot, scan.layout.weakref.callback, at);
    case Kind.frame:
      return scanFrameObject(scan, slot, row, at);
    case Kind.frameView:
      return scanFrameView(scan, slot, row, at);
    case Kind.generator:
      return scanGenerator(scan, slot, row, at);
    case Kind.code:
      return scanCode(scan, slot, row, at);
    case Kind.module:
      return scanModule(scan, slot, at);
    case Kind.deque:
      return scanDeque(scan, slot, at);
    case Kind.lruCache:
      return scanLruCache(scan, slot, row, at);
    case Kind.lruLink:
      return copyNamed(
        scan,
        slot,
        scan.layout.private.lruLink.result,
        copyNamed(scan, slot, scan.layout.private.lruLink.key, at),
      );
    case Kind.ndarray:
      return scanNdarray(scan, slot, at);
    case Kind.array:
      return scanArray(scan, slot, at);
    case Kind.memoryview:
      return copyNamed(scan, slot, scan.layout.buffers.memoryviewManagedBuffer, withBytes(scan, slot, at));
    case Kind.managedBuffer:
      return copyNamed(scan, slot, scan.layout.private.managedBuffer.object, at);
    case Kind.bytesIO:
    case Kind.stringIO:
    case Kind.buffered:
      return scanIo(scan, slot, row, kind, at);
    case Kind.element:
      return scanElement(scan, slot, at);
    case Kind.simpleQueue:
      return scanSimpleQueue(scan, slot, at);
    case Kind.contextNode:
      return scanContextNode(scan, slot, at);
    case Kind.contextVariable:
      return scanContextVariable(scan, slot, at);
    default:
      return at;
  }
}

/** Objects/bytearrayobject.c: a block, or since 3.15 a bytes object that nobody else can have, and which is no object to us. */
function sizeOfBytearray(scan: ReferenceScan, slot: number, at: number): number {
  const { bytearrayAlloc, bytearrayOverhead } = scan.layout.buffers;
  const allocated = int64At(scan.image, slot + bytearrayAlloc / 8);
  if (allocated > 0) scan.bytes += allocated + bytearrayOverhead;
  return at;
}

/** Objects/bytesobject.c: the bytes lie in the object; a size that leads out of the copied memory is torn. */
function sizeOfBytes(scan: ReferenceScan, slot: number, at: number): number {
  const size = int64At(scan.image, slot + scan.offsets.itemCount);
  if (size > 0 && fitsRun(scan, slot, size)) scan.bytes += size;
  return at;
}

/**
 * Objects/longobject.c: digits of 30 bits; from 3.12 the count is in lv_tag above three flag bits. Zero has a digit too,
 * and sys.getsizeof says so since 3.11.2 (gh-100637).
 */
function sizeOfInt(scan: ReferenceScan, slot: number, at: number): number {
  const count = scan.words[(slot + scan.offsets.itemCount) * 2]!;
  const least = scan.layout.interpreterFrame === null ? 0 : 1;
  const digits = Math.max(least, scan.offsets.taggedInt ? count >>> 3 : Math.abs(count | 0));
  const prefix = scan.types.prefixBytes[scan.row]!;
  scan.bytes = scan.layout.long.digits + digits * 4 + prefix;
  return at;
}

/** Variable part of a memoryview: shape, strides and suboffsets, counted by ob_size. */
function withBytes(scan: ReferenceScan, slot: number, at: number): number {
  scan.bytes += Math.abs(scan.words[(slot + scan.offsets.itemCount) * 2]! | 0) * scan.types.itemBytes[scan.row]!;
  return at;
}

/** Objects/setobject.c: entries of {key, hash}; a dummy has hash -1. */
function scanSet(scan: ReferenceScan, slot: number, start: number): number {
  const { words, offsets } = scan;
  const table = slotAt(scan, slot + offsets.setTable);
  const mask = words[(slot + offsets.setMask) * 2]!;
  if (table !== slot + offsets.setSmallTable) scan.bytes += (mask + 1) * 16;
  const end = table + withinRun(scan, table, (mask + 1) * 2);
  let at = start;
  for (let entry = table; entry < end; entry += 2) {
    const word = entry * 2;
    if ((words[word]! | words[word + 1]!) === 0) continue;
    if (words[word + 2] === 0xffffffff && words[word + 3] === 0xffffffff) continue;
    scan.target[at] = slotAt(scan, entry);
    scan.label[at] = POSITIONAL_LABEL;
    at += 1;
  }
  return at;
}

/** Objects/odictobject.c: a dict, and a list of nodes outside of it that own the keys once more. */
function scanOrderedDict(scan: ReferenceScan, slot: number, start: number): number {
  const { orderedDict } = scan.layout.private;
  let at = scanDict(scan, slot, start);
  const count = int64At(scan.image, slot + scan.offsets.dictUsed);
  scan.bytes += int64At(scan.image, slot + orderedDict.fastNodesSize / 8) * 8 + count * orderedDict.nodeSize;
  let node = slotAt(scan, slot + orderedDict.first / 8);
  // As many nodes as the dict has entries: a torn list may be a circle.
  for (let i = (at - start) / 2; i > 0 && node !== 0; i--) {
    at = copyField(scan, node + orderedDict.nodeKey / 8, SHARED_KEY_LABEL, at);
    node = slotAt(scan, node + orderedDict.nodeNext / 8);
  }
  return at;
}

/** Objects/typeobject.c type_traverse, plus the names and shared keys that it leaves out. */
function scanType(scan: ReferenceScan, slot: number, start: number): number {
  const { words, layout } = scan;
  const { type, heapType } = layout;
  const isHeapType = (words[(slot + type.flags / 8) * 2]! & layout.typeFlags.heapType) !== 0;
  let at = start;
  for (const field of [type.dict, type.mro, type.bases, type.base, type.cache, type.subclasses])
    at = copyNamed(scan, slot, field, at);
  if (!isHeapType) {
    // sys.getsizeof of 3.11 and 3.12 adds a GC head to static types, though they have none.
    const { form } = layout.managedDict;
    scan.bytes = type.size + (form === "before-object" || form === "tagged" ? scan.types.prefixBytes[scan.row]! : 0);
    return at;
  }
  const metatypeBytes = scan.types.basicBytes[scan.row]!;
  scan.bytes = scan.types.prefixBytes[scan.row]! + Math.max(heapType.size, metatypeBytes);
  for (const field of [heapType.name, heapType.slots, heapType.qualname, heapType.module])
    if (field !== null) at = copyNamed(scan, slot, field, at);
  const keys = slotAt(scan, slot + heapType.cachedKeys / 8);
  return keys === 0 ? at : scanSharedKeys(scan, keys, at);
}

/** The keys object shared by the instances of a class owns one reference to each attribute name. */
function scanSharedKeys(scan: ReferenceScan, keys: number, start: number): number {
  const { words, offsets } = scan;
  scan.bytes += keysBytes(scan, keys);
  const stride = offsets.log2Keys ? 2 : 3;
  const first = keys + offsets.keysIndices + indexBytes(scan, keys) / 8 + (offsets.log2Keys ? 0 : 1);
  const count = words[(keys + offsets.keysEntryCount) * 2]!;
  const end = first + withinRun(scan, first, count * stride);
  let at = start;
  for (let entry = first; entry < end; entry += stride) at = copyField(scan, entry, SHARED_KEY_LABEL, at);
  return at;
}

/**
 * 3.12: what stands behind `co_weakreflist` in Include/cpython/code.h is no object any more. From 3.14 on `_co_unique_id` is
 * one of those words, which builds with the GIL never set: it may still lead to what lay there before.
 */
const NO_OBJECTS_BEHIND_WEAKREFS = 0x030c0000;

/** Objects/codeobject.c: not tracked, no traverse. Inline caches behind the owned part hold borrowed pointers. */
function scanCode(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { code, interpreterFrame, firstHex, objectHead } = scan.layout;
  const end = firstHex < NO_OBJECTS_BEHIND_WEAKREFS ? code.ownedEnd : code.weakreflist;
  const at = copyRange(scan, slot, objectHead.size, end, code.weakreflist, start);
  if (interpreterFrame === null) {
    scan.bytes += cellMapBytes(scan, slot);
    return at;
  }
  scan.bytes = scan.types.prefixBytes[row]! + code.ownedEnd + scan.words[(slot + scan.offsets.itemCount) * 2]! * 2;
  scan.bytes = (scan.bytes + 7) & ~7;
  return at;
}

/** Up to 3.10: an array that maps cells to arguments, when any argument is a cell. */
function cellMapBytes(scan: ReferenceScan, slot: number): number {
  const { cellToArgument, cellvars } = scan.layout.code;
  if (cellToArgument === null || cellvars === null || pointerAt(scan.image, slot + cellToArgument / 8) === 0) return 0;
  const cells = slotAt(scan, slot + cellvars / 8);
  return cells === 0 ? 0 : scan.words[(cells + scan.offsets.itemCount) * 2]! * 8;
}

/** Objects/moduleobject.c: the dict, the name and the state, `m_size` bytes that a C module may fill with objects. */
function scanModule(scan: ReferenceScan, slot: number, start: number): number {
  const { module, moduleDefinition } = scan.layout.private;
  let at = copyNamed(scan, slot, module.dict, start);
  at = copyNamed(scan, slot, module.name, at);
  const state = slotAt(scan, slot + module.state / 8);
  const definition = module.definition === null ? slot : slotAt(scan, slot + module.definition / 8);
  if (definition === 0 || state === 0) return at;
  const stateBytes = int64At(scan.image, definition + (module.stateSize ?? moduleDefinition.stateSize) / 8);
  return stateBytes > 0 && stateBytes < 65536 ? copyConservative(scan, state, stateBytes / 8, at) : at;
}

/** Modules/_collectionsmodule.c: a chain of blocks {left, items, right}. */
function scanDeque(scan: ReferenceScan, slot: number, start: number): number {
  const { deque } = scan.layout.private;
  const { words, offsets } = scan;
  const count = words[(slot + offsets.itemCount) * 2]!;
  let left = count;
  let index = words[(slot + deque.leftIndex / 8) * 2]!;
  let block = slotAt(scan, slot + deque.leftBlock / 8);
  scan.bytes += Math.max(1, Math.ceil((index + count) / deque.blockLength)) * deque.blockSize;
  let at = start;
  while (left > 0 && block !== 0 && index < deque.blockLength) {
    const part = Math.min(left, deque.blockLength - index);
    at = copyElements(scan, block + deque.blockItems / 8 + index, part, at);
    left -= part;
    index = 0;
    block = slotAt(scan, block + deque.blockNext / 8);
  }
  return at;
}

/** Modules/_functoolsmodule.c: the links of the list are borrowed; entries are owned by the cache dict. */
function scanLruCache(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { lruCache } = scan.layout.private;
  const rootEnd = lruCache.rootNext + 8;
  const { size: headBytes } = scan.layout.objectHead;
  let at = start;
  for (let offset = headBytes; offset < scan.types.basicBytes[row]!; offset += 8) {
    const isListLink = offset === lruCache.rootPrevious || offset === lruCache.rootNext;
    const isInRoot = offset < rootEnd;
    if (!isListLink && !isInRoot && offset !== lruCache.weakreflist) at = copyNamed(scan, slot, offset, at);
  }
  return at;
}

/** Modules/arraymodule.c: `allocated` items of the descriptor's size. */
function scanArray(scan: ReferenceScan, slot: number, at: number): number {
  const { array } = scan.layout.private;
  // The descriptor is a constant of the extension module: read-only data, so not in the copy.
  const descriptor = pointerAt(scan.image, slot + array.descriptor / 8);
  const itemBytes = bytesAt(scan.image, (descriptor + array.descriptorItemSize) as Addr, 1)[0] ?? 0;
  scan.bytes += int64At(scan.image, slot + array.allocated / 8) * itemBytes;
  return at;
}

/** Modules/_io: the buffers are plain malloc blocks, but a BytesIO's is a bytes object. */
function scanIo(scan: ReferenceScan, slot: number, row: number, kind: Kind, start: number): number {
  const { bytesIO, stringIO, buffered } = scan.layout.private;
  const { image } = scan;
  // The dict, if any, is found by tp_dictoffset.
  const weak = scan.types.weakField[row]! * 8;
  const dict = scan.types.dictOffset[row]!;
  if (kind === Kind.stringIO) scan.bytes += int64At(image, slot + stringIO.bufferSize / 8) * 4;
  if (kind === Kind.buffered && slotAt(scan, slot + buffered.buffer / 8) !== 0)
    scan.bytes += int64At(image, slot + buffered.bufferSize / 8);
  const skip = kind === Kind.stringIO ? stringIO.buffer : kind === Kind.buffered ? buffered.buffer : -1;
  const own = kind === Kind.bytesIO ? bytesIO.size : kind === Kind.stringIO ? stringIO.size : buffered.size;
  let at = start;
  for (let offset = scan.layout.objectHead.size; offset < own; offset += 8) {
    if (offset !== skip && offset !== weak && offset !== dict) at = copyNamed(scan, slot, offset, at);
  }
  return at;
}
