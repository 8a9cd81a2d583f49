// Finds the references an object holds and its size: the hot kinds, and the parts that any kind may have
// (fields of subclasses, instance dicts, the type). Rare kinds are in references-rare.ts.

import {
  copyAttributes,
  copyConservative,
  copyElements,
  copyField,
  fitsRun,
  type ReferenceScan,
  slotAt,
} from "./copy-references.ts";
import { Kind } from "./kinds.ts";
import { CLASS_LABEL, DICT_LABEL, fieldLabel, UNNAMED_LABEL } from "./labels.ts";
import { Managed } from "./offsets.ts";
import { scanDict } from "./references-dict.ts";
import { scanRare } from "./references-rare.ts";
import { Trait } from "./type-table.ts";

/** Labels for fields at a fixed place, by slot: computed once. */
const FIELD_LABELS: Uint16Array = Uint16Array.from({ length: 4096 }, (_, slot) => fieldLabel(slot * 8));

/** Scans one object. `slot` is a valid object of type row `row`. Sets `scan.bytes` and `scan.row`. */
export function scanReferences(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { types } = scan;
  const kind = types.kind[row]!;
  scan.row = row;
  scan.bytes = types.fixedBytes[row]!;
  let at = start;
  if (kind === Kind.str) sizeOfString(scan, slot);
  else if (kind === Kind.fields) at = scanFields(scan, slot, row, at);
  else if (kind === Kind.tuple) at = scanTuple(scan, slot, at);
  else if (kind === Kind.dict) at = scanDict(scan, slot, at);
  else if (kind === Kind.list) at = scanList(scan, slot, at);
  else if (kind !== Kind.leaf) at = scanRare(scan, slot, row, kind as Kind, at);
  const traits = types.traits[row]!;
  return traits === 0 ? at : scanTraits(scan, slot, row, traits, at);
}

/** What an object holds besides the struct of its kind. */
function scanTraits(scan: ReferenceScan, slot: number, row: number, traits: number, start: number): number {
  let at = start;
  if ((traits & Trait.extraFields) !== 0)
    at = scan.types.kind[row] === Kind.tuple ? scanHiddenItems(scan, slot, row, at) : copyFields(scan, slot, row, at);
  if ((traits & Trait.dictPointer) !== 0) at = scanInstanceDict(scan, slot, row, at);
  if ((traits & Trait.managedDict) !== 0) at = scanManaged(scan, slot, row, at);
  if ((traits & Trait.ownsType) !== 0) {
    scan.target[at] = scan.types.slot[row]!;
    scan.label[at] = CLASS_LABEL;
    at += 1;
  }
  return at;
}

/** Items of a struct sequence behind those that its length counts, such as `os.stat_result.st_atime`. `sys.getsizeof` leaves them out. */
function scanHiddenItems(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const end = scan.types.endField[row]!;
  if (!fitsRun(scan, slot, end * 8)) return start;
  let at = start;
  for (let field = scan.offsets.tupleItems + scan.words[(slot + scan.offsets.itemCount) * 2]!; field < end; field++)
    at = copyField(scan, slot + field, FIELD_LABELS[field]!, at);
  return at;
}

/** `sys.getsizeof` of a str: characters, and the cached UTF-8 form of compact non-ASCII ones. */
function sizeOfString(scan: ReferenceScan, slot: number): void {
  const { offsets, words, types } = scan;
  const state = words[(slot + offsets.strState) * 2 + offsets.strStateHalf]!;
  const length = words[(slot + offsets.strLength) * 2]!;
  const own = scan.bytes - types.basicBytes[scan.row]!;
  if ((state & offsets.strCompactAsciiMask) === offsets.strCompactAsciiMask) {
    scan.bytes = own + offsets.strAsciiBytes + inline(scan, slot, length + 1);
    return;
  }
  const charBytes = (state >>> offsets.strKindShift) & 7;
  const isCompact = (state & offsets.strCompactMask) !== 0;
  scan.bytes =
    own +
    (isCompact ? offsets.strCompactBytes : types.basicBytes[scan.row]!) +
    inline(scan, slot, (length + 1) * charBytes);
  const utf8 = (slot + offsets.strUtf8) * 2;
  if (isCompact && (words[utf8]! | words[utf8 + 1]!) !== 0)
    scan.bytes += words[(slot + offsets.strUtf8Length) * 2]! + 1;
}

/** Bytes of a part that lies within the object itself: 0 when it would end outside of the copied memory (a torn count). */
function inline(scan: ReferenceScan, slot: number, bytes: number): number {
  return bytes <= 4096 || fitsRun(scan, slot, bytes) ? bytes : 0;
}

/** Plain objects: every aligned word of the fixed part that may be a pointer; then the variable part. */
function scanFields(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const at = copyFields(scan, slot, row, start);
  const itemBytes = scan.types.itemBytes[row]!;
  if (itemBytes === 0) return at;
  const count = Math.abs(scan.words[(slot + scan.offsets.itemCount) * 2]! | 0);
  const itemsBytes = inline(scan, slot, count * itemBytes);
  scan.bytes += itemsBytes;
  if (itemBytes % 8 !== 0) return at;
  return copyConservative(scan, slot + Math.ceil(scan.types.basicBytes[row]! / 8), itemsBytes / 8, at);
}

/** Words [firstField, endField) of the object, without the weak reference list; labelled by their place. */
function copyFields(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { words, highTable, pageTable, target, label, types } = scan;
  const end = types.endField[row]!;
  const weak = types.weakField[row]!;
  let at = start;
  for (let field = types.firstField[row]!; field < end; field++) {
    const word = (slot + field) * 2;
    const low = words[word]!;
    const high = words[word + 1]!;
    if (high > 0xffff || (low & 7) !== 0) continue;
    const page = pageTable[(highTable[high]! << 20) | (low >>> 12)]!;
    if (page === 0 || field === weak) continue;
    target[at] = page * 512 + ((low & 4095) >>> 3);
    label[at] = field < FIELD_LABELS.length ? FIELD_LABELS[field]! : UNNAMED_LABEL;
    at += 1;
  }
  return at;
}

function scanTuple(scan: ReferenceScan, slot: number, at: number): number {
  const count = scan.words[(slot + scan.offsets.itemCount) * 2]!;
  scan.bytes += inline(scan, slot, count * 8);
  return copyElements(scan, slot + scan.offsets.tupleItems, count, at);
}

function scanList(scan: ReferenceScan, slot: number, at: number): number {
  const { words, offsets } = scan;
  scan.bytes += words[(slot + offsets.listAllocated) * 2]! * 8;
  return copyElements(scan, slotAt(scan, slot + offsets.listItems), words[(slot + offsets.itemCount) * 2]!, at);
}

/** `__dict__` at a fixed place (positive offset) or behind the variable part (negative). */
function scanInstanceDict(scan: ReferenceScan, slot: number, row: number, at: number): number {
  const { types, words } = scan;
  const offset = types.dictOffset[row]!;
  if (offset > 0) return copyField(scan, slot + offset / 8, DICT_LABEL, at);
  const isTagged = types.kind[row] === Kind.int && scan.offsets.taggedInt;
  const count = words[(slot + scan.offsets.itemCount) * 2]!;
  const items = isTagged ? count >>> 3 : Math.abs(count | 0);
  const end = types.basicBytes[row]! + items * types.itemBytes[row]!;
  return copyField(scan, slot + (Math.ceil(end / 8) * 8 + offset) / 8, DICT_LABEL, at);
}

/** Attributes of 3.11+ instances that have no dict object, or have one that shares their values. */
function scanManaged(scan: ReferenceScan, slot: number, row: number, start: number): number {
  const { words, types, offsets } = scan;
  const keys = types.cachedKeys[row]!;
  const dictWord = slot - offsets.dictBefore;
  let at = start;
  if (offsets.managed === Managed.inline) {
    if ((types.flags[row]! & offsets.flagInlineValues) !== 0) {
      const isDicts = offsets.dictHoldsInline && slotAt(scan, dictWord) !== 0;
      const end = scanInlineValues(scan, slot + types.basicBytes[row]! / 8, at);
      if (!isDicts) at = end;
    }
    return copyField(scan, dictWord, DICT_LABEL, at);
  }
  if (offsets.managed === Managed.beforeObject) {
    const values = slotAt(scan, slot - offsets.valuesBefore);
    if (values !== 0 && keys > 0) at = scanValues(scan, values, keys, at);
    return copyField(scan, dictWord, DICT_LABEL, at);
  }
  if ((words[dictWord * 2]! & 1) === 0) return copyField(scan, dictWord, DICT_LABEL, at);
  // 3.12 tags the pointer by setting bit 0 of (values - 1): the values start one byte further.
  const low = (words[dictWord * 2]! + 1) >>> 0;
  const high = words[dictWord * 2 + 1]! + (low === 0 ? 1 : 0);
  const page = high > 0xffff ? 0 : scan.pageTable[(scan.highTable[high]! << 20) | (low >>> 12)]!;
  return page === 0 || keys <= 0 ? at : scanValues(scan, page * 512 + ((low & 4095) >>> 3), keys, at);
}

/** A values array of 3.11 and 3.12; a prefix before it records insertion order. */
function scanValues(scan: ReferenceScan, values: number, keys: number, at: number): number {
  const entryCount = scan.words[(keys + scan.offsets.keysEntryCount) * 2]!;
  const usable = scan.words[(keys + scan.offsets.keysUsable) * 2]!;
  const capacity = Math.min(entryCount + usable, 64);
  scan.bytes += capacity * 8 + valuesPrefixBytes(capacity);
  return copyAttributes(scan, values, Math.min(entryCount, 64), at);
}

/** Values kept inside the object since 3.13: a header of {capacity, size, embedded, valid} bytes, then the pointers. */
function scanInlineValues(scan: ReferenceScan, header: number, at: number): number {
  const state = scan.words[header * 2]!;
  const capacity = state & 255;
  scan.bytes += scan.offsets.valuesHeader * 8 + capacity * 8 + ((capacity + 7) & ~7);
  return state >>> 24 === 0 ? at : copyAttributes(scan, header + scan.offsets.valuesHeader, capacity, at);
}

/** CPython 3.11/3.12 dictobject.c new_values: a byte per entry and two more, rounded up to pointers. */
function valuesPrefixBytes(capacity: number): number {
  return (capacity + 2 + 7) & ~7;
}
