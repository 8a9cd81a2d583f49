// The types of a heap: one row per type object met, with what the scanner must know about its instances in flat columns.
// Rows are made on first sight. A *variant* row is a copy of a type's row that also names attributes, used for objects
// whose attribute names live elsewhere: dicts with a split table, suspended frames.

import { cStringAt, follow, int64At, pointerAt, slotOfAddress } from "./image-access.ts";
import type { Interpreter } from "./interpreter.ts";
import { hasOwnStruct, holdsNothing, KIND_OF_NAME, KIND_OF_SYMBOL, Kind } from "./kinds.ts";
import type { Layout } from "./layout.ts";
import type { MemoryImage } from "./memory-image.ts";

/** Rows fit 16 bits; variants stop earlier so that real types always find room. */
export const ROW_LIMIT = 65_500;
const VARIANT_LIMIT = 40_000;
const HASH_SIZE = 1 << 17;
const REJECTED_LIMIT = 40_000;
/** `tp_flags` bit of `Py_TPFLAGS_TYPE_SUBCLASS`: bit 31. */
const METATYPE_DEPTH = 8;
/** No struct of an object, and no item, is larger than this. */
const SIZE_LIMIT = 1 << 20;
const BASE_DEPTH = 1000;
/** More named fields, and more bytes, than any struct sequence has. */
const MEMBER_LIMIT = 100;
const SEQUENCE_LIMIT = 2048;

/** Bits of `TypeTable.traits`. */
export const Trait = {
  /** Subclass fields behind a struct that the scanner reads itself; of a tuple, items behind those that its length counts. */
  extraFields: 1,
  /** A `__dict__` pointer at tp_dictoffset that no other rule finds. */
  dictPointer: 2,
  /** Attributes kept in front of or behind the object (3.11+). */
  managedDict: 4,
  /** Owns a reference to its type. */
  ownsType: 8,
} as const;

export interface TypeTable {
  readonly image: MemoryImage;
  readonly layout: Layout;
  readonly typeTypeSlot: number;
  readonly kindOfSlot: ReadonlyMap<number, Kind>;
  /** Open addressing over type slots: `hashRow` holds row + 1, or 0 for "looked at and is no type". */
  readonly hashSlot: Int32Array;
  readonly hashRow: Int32Array;
  readonly kind: Uint8Array;
  /** Slot of the type object. */
  readonly slot: Int32Array;
  readonly base: Int32Array;
  readonly canonical: Uint16Array;
  /** Where the attribute names of a variant live (keys object or code), -1 for rows of real types. */
  readonly variantKey: Int32Array;
  /** Fields to scan conservatively, in slots from the object: [firstField, endField). */
  readonly firstField: Int32Array;
  readonly endField: Int32Array;
  /** Slot of the weak reference list inside the object, -1 when there is none. */
  readonly weakField: Int32Array;
  readonly flags: Uint32Array;
  readonly basicBytes: Int32Array;
  readonly itemBytes: Int32Array;
  readonly dictOffset: Int32Array;
  /** basicBytes + prefixBytes: the size of an object of this type before anything variable is added. */
  readonly fixedBytes: Int32Array;
  /** What else an object of this type may hold besides what its kind says: a set of Trait bits. */
  readonly traits: Uint8Array;
  /** 1 where objects of this type hold no references: nothing to scan but their size. */
  readonly isLeaf: Uint8Array;
  /** Bytes before the object: GC head and managed dict or weakref words. */
  readonly prefixBytes: Int32Array;
  /** Slot of `ht_cached_keys` of heap types with managed dicts, -1 otherwise. */
  readonly cachedKeys: Int32Array;
  /** Instances own a reference to their type (heap types). */
  readonly ownsType: Uint8Array;
  /** `tp_name` by row. */
  readonly names: string[];
  /** Open addressing over `keySlot + 31 * row`; `variantHashRow` holds variant row + 1. */
  readonly variantHashRow: Uint16Array;
  rejected: number;
  variantCount: number;
}

export function createTypeTable(image: MemoryImage, layout: Layout, interpreter: Interpreter): TypeTable {
  const typeType = interpreter.symbols.get("PyType_Type") ?? 0;
  // Row 0 belongs to the pseudo object "not readable".
  return {
    image,
    layout,
    typeTypeSlot: slotOfAddress(image, typeType),
    kindOfSlot: kindsBySlot(image, interpreter),
    hashSlot: new Int32Array(HASH_SIZE),
    hashRow: new Int32Array(HASH_SIZE),
    kind: new Uint8Array(65536),
    slot: new Int32Array(65536),
    base: new Int32Array(65536),
    canonical: new Uint16Array(65536),
    variantKey: new Int32Array(65536).fill(-1),
    firstField: new Int32Array(65536),
    endField: new Int32Array(65536),
    weakField: new Int32Array(65536),
    flags: new Uint32Array(65536),
    basicBytes: new Int32Array(65536),
    itemBytes: new Int32Array(65536),
    dictOffset: new Int32Array(65536),
    fixedBytes: new Int32Array(65536),
    traits: new Uint8Array(65536),
    isLeaf: new Uint8Array(65536),
    prefixBytes: new Int32Array(65536),
    cachedKeys: new Int32Array(65536),
    ownsType: new Uint8Array(65536),
    names: [""],
    variantHashRow: new Uint16Array(HASH_SIZE),
    rejected: 0,
    variantCount: 0,
  };
}

/** Empties a table. It is used again since a second one would cost: see ReferenceScan in heap/walk/walk-state.ts. */
export function forgetTypes(table: TypeTable): void {
  table.hashSlot.fill(0);
  table.hashRow.fill(0);
  table.variantHashRow.fill(0);
  table.variantKey.fill(-1);
  table.names.length = 1;
  table.rejected = 0;
  table.variantCount = 0;
}

function kindsBySlot(image: MemoryImage, interpreter: Interpreter): Map<number, Kind> {
  const kinds = new Map<number, Kind>();
  for (const [symbol, kind] of KIND_OF_SYMBOL) {
    const address = interpreter.symbols.get(symbol);
    if (address !== undefined) kinds.set(slotOfAddress(image, address), kind);
  }
  return kinds;
}

/** Row of the type object at `typeSlot`, or -1 when what lies there is no type. O(1) expected. */
export function rowOfType(table: TypeTable, typeSlot: number): number {
  const { hashSlot, hashRow } = table;
  let at = Math.imul(typeSlot, 0x9e3779b1) >>> 15;
  for (;;) {
    const key = hashSlot[at]!;
    if (key === typeSlot) return hashRow[at]! - 1;
    if (key === 0) break;
    at = (at + 1) & (HASH_SIZE - 1);
  }
  return addType(table, typeSlot);
}

function remember(table: TypeTable, typeSlot: number, row: number): void {
  let at = Math.imul(typeSlot, 0x9e3779b1) >>> 15;
  while (table.hashSlot[at] !== 0 && table.hashSlot[at] !== typeSlot) at = (at + 1) & (HASH_SIZE - 1);
  table.hashSlot[at] = typeSlot;
  table.hashRow[at] = row + 1;
}

function addType(table: TypeTable, typeSlot: number): number {
  if (!isType(table, typeSlot)) {
    if (table.rejected < REJECTED_LIMIT && typeSlot > 0) {
      table.rejected += 1;
      remember(table, typeSlot, -1);
    }
    return -1;
  }
  if (table.names.length >= ROW_LIMIT) return -1;
  const row = table.names.length;
  const { image, layout } = table;
  table.names.push(cStringAt(image, pointerAt(image, typeSlot + layout.type.name / 8)));
  table.slot[row] = typeSlot;
  table.canonical[row] = row;
  remember(table, typeSlot, row);
  const baseSlot = follow(image, typeSlot + layout.type.base / 8);
  const base = hasEnd(table, baseSlot) ? rowOfType(table, baseSlot) : -1;
  table.base[row] = base;
  fillNumbers(table, row, typeSlot);
  const kind = kindOf(table, row, base);
  table.kind[row] = kind;
  fillFields(table, row);
  fillTraits(table, row);
  table.isLeaf[row] = table.traits[row] === 0 && holdsNothing(kind) ? 1 : 0;
  return row;
}

/**
 * True when the chain of bases from `first` on ends. In a damaged heap types may be each other's bases: what they are
 * would then depend on which is met first, and two walks would not agree.
 */
function hasEnd({ image, layout }: TypeTable, first: number): boolean {
  let slot = first;
  for (let depth = 0; depth < BASE_DEPTH; depth++) {
    if (slot <= 0) return first > 0;
    slot = follow(image, slot + layout.type.base / 8);
  }
  return false;
}

/**
 * A type is an object whose chain of metatypes ends in PyType_Type, each link a subclass of type.
 * Types that were never readied (3.8's `functools._lru_list_elem`) lack flags; they pass by a sane size and name.
 */
function isType(table: TypeTable, typeSlot: number): boolean {
  const { image, layout, typeTypeSlot } = table;
  const { words } = image;
  if (typeSlot <= 0 || typeSlot + layout.type.size / 8 > image.pageCount * 512) return false;
  if (typeSlot === typeTypeSlot) return true;
  if (!hasSaneSizes(table, typeSlot)) return false;
  if (!isMetatype(table, typeOf(table, typeSlot))) return false;
  const flags = words[(typeSlot + layout.type.flags / 8) * 2]!;
  if ((flags & layout.typeFlags.ready) !== 0) return true;
  const basicBytes = int64At(image, typeSlot + layout.type.basicsize / 8);
  if (typeOf(table, typeSlot) !== typeTypeSlot || basicBytes < layout.objectHead.size || basicBytes > 4096)
    return false;
  return /^[\x20-\x7e]{2,}$/.test(cStringAt(image, pointerAt(image, typeSlot + layout.type.name / 8)));
}

/** Sizes bound every later loop over an instance: a torn or hostile type must not send one through all of memory. */
function hasSaneSizes({ image, layout }: TypeTable, typeSlot: number): boolean {
  const basicBytes = int64At(image, typeSlot + layout.type.basicsize / 8);
  const itemBytes = int64At(image, typeSlot + layout.type.itemsize / 8);
  const dictOffset = int64At(image, typeSlot + layout.type.dictoffset / 8);
  if (basicBytes < 0 || basicBytes > SIZE_LIMIT || itemBytes < 0 || itemBytes > SIZE_LIMIT) return false;
  return Math.abs(dictOffset) <= SIZE_LIMIT;
}

function isMetatype(table: TypeTable, start: number): boolean {
  const { image, layout, typeTypeSlot } = table;
  let slot = start;
  for (let depth = 0; depth < METATYPE_DEPTH; depth++) {
    if (slot === typeTypeSlot) return true;
    if (slot < 0 || slot + layout.type.size / 8 > image.pageCount * 512) return false;
    const flags = image.words[(slot + layout.type.flags / 8) * 2]!;
    if ((flags & layout.typeFlags.typeSubclass) === 0) return false;
    slot = typeOf(table, slot);
  }
  return false;
}

function typeOf({ image, layout }: TypeTable, slot: number): number {
  return follow(image, slot + layout.objectHead.type / 8);
}

function fillNumbers(table: TypeTable, row: number, typeSlot: number): void {
  const { image, layout } = table;
  const { type, typeFlags } = layout;
  const flags = image.words[(typeSlot + type.flags / 8) * 2]!;
  const isHeapType = (flags & typeFlags.heapType) !== 0;
  const managed = (flags & (typeFlags.managedDict ?? 0)) !== 0 || (flags & (typeFlags.managedWeakref ?? 0)) !== 0;
  table.flags[row] = flags;
  table.basicBytes[row] = int64At(image, typeSlot + type.basicsize / 8);
  table.itemBytes[row] = int64At(image, typeSlot + type.itemsize / 8);
  table.dictOffset[row] = int64At(image, typeSlot + type.dictoffset / 8);
  const weak = int64At(image, typeSlot + type.weaklistoffset / 8);
  table.weakField[row] = weak > 0 ? weak / 8 : -1;
  table.prefixBytes[row] = ((flags & typeFlags.haveGc) === 0 ? 0 : layout.gcHeadSize) + (managed ? 16 : 0);
  table.ownsType[row] = isHeapType ? 1 : 0;
  const hasManagedDict = isHeapType && (flags & (typeFlags.managedDict ?? 0)) !== 0;
  table.cachedKeys[row] = hasManagedDict ? follow(image, typeSlot + layout.heapType.cachedKeys / 8) : -1;
}

function kindOf(table: TypeTable, row: number, base: number): Kind {
  const exact = table.kindOfSlot.get(table.slot[row]!);
  if (exact !== undefined) return exact;
  const known = knownByName(table, row);
  if (known !== undefined) return known;
  const inherited = base >= 0 ? (table.kind[base]! as Kind) : Kind.fields;
  return inherited === Kind.leaf ? Kind.fields : inherited;
}

function knownByName(table: TypeTable, row: number): Kind | undefined {
  const { layout } = table;
  const name = table.names[row]!;
  if (name === "generator" || name === "coroutine" || name === "async_generator")
    return builtin(table, row, Kind.generator);
  if (name === "frame") return builtin(table, row, layout.interpreterFrame === null ? Kind.frame : Kind.frameView);
  const known = KIND_OF_NAME.get(name);
  if (known === undefined) return undefined;
  if (known.ownBytes !== undefined)
    return layout.objectHead.size + known.ownBytes === table.basicBytes[row] ? known.kind : undefined;
  if (known.private === undefined) return known.kind === Kind.ndarray ? known.kind : builtin(table, row, known.kind);
  const expected = layout.private[known.private as keyof Layout["private"]] as { readonly size: number };
  return expected.size === table.basicBytes[row] ? known.kind : undefined;
}

/** Builtin types are static up to 3.15; a user's class of the same name is a heap type. */
function builtin(table: TypeTable, row: number, kind: Kind): Kind | undefined {
  return table.ownsType[row] === 0 ? kind : undefined;
}

function fillFields(table: TypeTable, row: number): void {
  const kind = table.kind[row]! as Kind;
  const basicBytes = table.basicBytes[row]!;
  let first = table.layout.objectHead.size / 8;
  if (hasOwnStruct(kind)) {
    let root = row;
    for (let i = 0; i < BASE_DEPTH && table.base[root]! >= 0 && table.kind[table.base[root]!] === kind; i++)
      root = table.base[root]!;
    first = Math.ceil(table.basicBytes[root]! / 8);
  }
  const end = Math.floor(basicBytes / 8);
  const varSized = kind === Kind.int || kind === Kind.bytes || kind === Kind.tuple || kind === Kind.leaf;
  table.firstField[row] = varSized ? 0 : first;
  table.endField[row] = varSized ? 0 : Math.max(first, end);
  if (kind === Kind.tuple) table.endField[row] = endOfItems(table, row);
}

/**
 * Where the last named item of a struct sequence ends, in slots from the object; 0 for any other type. Of all types of tuples only these have
 * members that lie among the items (Objects/structseq.c, initialize_members).
 */
function endOfItems({ image, layout, slot, basicBytes }: TypeTable, row: number): number {
  const { member } = layout;
  let at = follow(image, slot[row]! + layout.type.members / 8);
  let end = 0;
  for (let i = 0; at > 0 && i < MEMBER_LIMIT && pointerAt(image, at + member.name / 8) !== 0; i++) {
    const offset = int64At(image, at + member.offset / 8);
    if (offset >= basicBytes[row]! && offset % 8 === 0 && offset < SEQUENCE_LIMIT) end = Math.max(end, offset / 8 + 1);
    at += member.size / 8;
  }
  return end;
}

function fillTraits(table: TypeTable, row: number): void {
  const isManaged = (table.flags[row]! & (table.layout.typeFlags.managedDict ?? 0)) !== 0;
  const hasFields = table.kind[row] !== Kind.fields && table.endField[row]! > table.firstField[row]!;
  let traits = 0;
  if (hasFields) traits |= Trait.extraFields;
  if (isManaged) traits |= Trait.managedDict;
  else if (hasDictPointer(table, row)) traits |= Trait.dictPointer;
  if (table.ownsType[row] !== 0) traits |= Trait.ownsType;
  table.traits[row] = traits;
  table.fixedBytes[row] = table.basicBytes[row]! + table.prefixBytes[row]!;
}

/** A `__dict__` at tp_dictoffset that neither the scan of the fields nor the reader of the kind's struct finds. */
function hasDictPointer(table: TypeTable, row: number): boolean {
  const kind = table.kind[row];
  const offset = table.dictOffset[row]!;
  // Types and modules name their dict by a field of their own; an lru_cache wrapper's lies in its struct.
  if (offset === 0 || kind === Kind.type || kind === Kind.module || kind === Kind.lruCache) return false;
  return offset < 0 || offset / 8 < table.firstField[row]! || offset / 8 >= table.endField[row]!;
}

/**
 * Row for objects of type `row` whose attribute names are kept at `keySlot`; the same pair gives the same row.
 * Falls back to `row` itself (attributes without names) when there are too many.
 */
export function variantOf(table: TypeTable, row: number, keySlot: number): number {
  let at = Math.imul(keySlot + 31 * row, 0x9e3779b1) >>> 15;
  for (;;) {
    const candidate = table.variantHashRow[at]! - 1;
    if (candidate < 0) break;
    if (table.variantKey[candidate] === keySlot && table.canonical[candidate] === row) return candidate;
    at = (at + 1) & (HASH_SIZE - 1);
  }
  if (table.variantCount >= VARIANT_LIMIT || table.names.length >= ROW_LIMIT) return row;
  const variant = addVariant(table, row, keySlot);
  table.variantHashRow[at] = variant + 1;
  return variant;
}

function addVariant(table: TypeTable, row: number, keySlot: number): number {
  const variant = table.names.length;
  table.variantCount += 1;
  table.names.push(table.names[row]!);
  for (const column of columnsToCopy(table)) column[variant] = column[row]!;
  table.canonical[variant] = row;
  table.variantKey[variant] = keySlot;
  return variant;
}

function columnsToCopy(table: TypeTable): (Uint8Array | Int32Array | Uint32Array)[] {
  const { kind, slot, base, firstField, endField, weakField, flags, basicBytes } = table;
  const { itemBytes, dictOffset, fixedBytes, traits, isLeaf, prefixBytes, cachedKeys, ownsType } = table;
  return [
    kind,
    slot,
    base,
    firstField,
    endField,
    weakField,
    flags,
    basicBytes,
    itemBytes,
    dictOffset,
    fixedBytes,
    traits,
    isLeaf,
    prefixBytes,
    cachedKeys,
    ownsType,
  ];
}
