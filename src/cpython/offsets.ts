// The offsets of a Layout as the hot loops want them: counted in 8-byte slots, with features as small numbers.

import type { Layout } from "./layout.ts";
import { gcBitInHalf, impossibleBits } from "./refcount.ts";

/** How instances keep attributes outside a dict object; see ManagedDictForm. */
export const Managed = { none: 0, beforeObject: 1, tagged: 2, inline: 3 } as const;

export interface Offsets {
  /** Slots of the head, where what a struct has of its own begins; of `ob_type` and of `ob_size` in it. */
  readonly headSize: number;
  readonly type: number;
  readonly itemCount: number;
  readonly managed: number;
  /** Whether references are counted in two parts (refcount.ts), and the bit that says that the parts are not all. */
  readonly isSplit: boolean;
  readonly deferredBit: number;
  /** Bits that are 0 in the upper half of every refcount's word; in the first half of the second one where it is split. */
  readonly noRefcount: number;
  readonly log2Keys: boolean;
  readonly taggedInt: boolean;
  readonly dictKeys: number;
  readonly dictValues: number;
  readonly dictUsed: number;
  /** Slots of a keys header: where the index table starts. */
  readonly keysIndices: number;
  /** Slot of the count of used entries in a keys object. */
  readonly keysEntryCount: number;
  readonly keysUsable: number;
  readonly listItems: number;
  readonly listAllocated: number;
  readonly tupleItems: number;
  readonly setTable: number;
  readonly setMask: number;
  readonly setSmallTable: number;
  readonly strLength: number;
  readonly strState: number;
  /** 1 when the state lies in the upper half of its slot. */
  readonly strStateHalf: number;
  readonly strUtf8: number;
  readonly strUtf8Length: number;
  readonly strAsciiBytes: number;
  readonly strCompactBytes: number;
  readonly strFullBytes: number;
  readonly strKindShift: number;
  readonly strCompactMask: number;
  /** Both bits: compact and ascii. */
  readonly strCompactAsciiMask: number;
  readonly flagManagedDict: number;
  readonly flagInlineValues: number;
  /** Slots between an instance and the word before it that leads to its dict (3.12: or its values); 0 without. */
  readonly dictBefore: number;
  /** 3.11: the same for the word that leads to its values. */
  readonly valuesBefore: number;
  readonly dictHoldsInline: boolean;
  /** 3.13: slots from the values header to the first value; else 0. */
  readonly valuesHeader: number;
}

const MANAGED = { none: 0, "before-object": 1, tagged: 2, inline: 3 } as const;

/** Converts a layout once per read. */
export function offsetsOf(layout: Layout): Offsets {
  const { objectHead, freeThreading, dict, dictKeys, list, set, unicode, managedDict, typeFlags } = layout;
  return {
    headSize: objectHead.size / 8,
    type: objectHead.type / 8,
    itemCount: objectHead.itemCount / 8,
    managed: MANAGED[managedDict.form],
    isSplit: freeThreading !== null,
    deferredBit: gcBitInHalf(freeThreading?.deferred ?? 0),
    noRefcount: impossibleBits(objectHead.flagBits, freeThreading !== null),
    log2Keys: dictKeys.form === "log2",
    taggedInt: layout.long.form === "tag",
    dictKeys: dict.keys / 8,
    dictValues: dict.values / 8,
    dictUsed: dict.used / 8,
    keysIndices: dictKeys.indices / 8,
    keysEntryCount: dictKeys.entryCount / 8,
    keysUsable: dictKeys.usable / 8,
    listItems: list.items / 8,
    listAllocated: list.allocated / 8,
    tupleItems: layout.tupleItems / 8,
    setTable: set.table / 8,
    setMask: set.mask / 8,
    setSmallTable: set.smallTable / 8,
    strLength: unicode.length / 8,
    strState: Math.floor(unicode.state / 8),
    strStateHalf: (unicode.state % 8) / 4,
    strUtf8: unicode.utf8 / 8,
    strUtf8Length: unicode.utf8Length / 8,
    strAsciiBytes: unicode.asciiSize,
    strCompactBytes: unicode.compactSize,
    strFullBytes: unicode.fullSize,
    strKindShift: unicode.kindShift,
    strCompactMask: 1 << unicode.compactBit,
    strCompactAsciiMask: (1 << unicode.compactBit) | (1 << unicode.asciiBit),
    flagManagedDict: typeFlags.managedDict ?? 0,
    flagInlineValues: typeFlags.inlineValues ?? 0,
    dictBefore: (managedDict.dictBefore ?? 0) / 8,
    valuesBefore: (managedDict.valuesBefore ?? 0) / 8,
    dictHoldsInline: managedDict.dictHoldsInline,
    valuesHeader: managedDict.form === "inline" ? (managedDict.values ?? 0) / 8 : 0,
  };
}
