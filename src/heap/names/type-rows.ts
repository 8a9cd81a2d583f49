// Turns the walker's type columns into the named rows of a snapshot.

import type { NodeIx, TypeIx } from "../../base/brand.ts";
import { isPlainName } from "../../base/secrets.ts";
import { cStringAt, follow, int32At, int64At, pointerAt } from "../../cpython/image-access.ts";
import { ATTRIBUTE_LABEL, DICT_LABEL, fieldLabel } from "../../cpython/labels.ts";
import { Kind } from "../../cpython/kinds.ts";
import type { Layout } from "../../cpython/layout.ts";
import type { MemoryImage } from "../../cpython/memory-image.ts";
import { dictNames, dictStringValue } from "../../cpython/read-dict.ts";
import { readString } from "../../cpython/read-string.ts";
import type { TypeTable } from "../../cpython/type-table.ts";
import type { NodeShape, TypeRole, TypeRow } from "../snapshot.ts";
import { describeCode } from "./code-names.ts";
import { knownFields } from "./known-fields.ts";

const MEMBER_LIMIT = 1000;
const ATTRIBUTE_LIMIT = 0x7fff;

export function typeRows(table: TypeTable, nodeOfSlot: (slot: number) => number): readonly TypeRow[] {
  const rows: TypeRow[] = [];
  for (let row = 0; row < table.names.length; row++) {
    const own = table.canonical[row] === row;
    rows.push(own ? typeRow(table, row, nodeOfSlot) : variantRow(table, row, rows[table.canonical[row]!]!));
  }
  return rows;
}

function typeRow(table: TypeTable, row: number, nodeOfSlot: (slot: number) => number): TypeRow {
  const { name, module } = row === 0 ? { name: "not readable", module: "" } : nameOf(table, row);
  const kind = table.kind[row]! as Kind;
  return {
    canonical: row as TypeIx,
    name,
    module,
    base: row === 0 ? -1 : table.base[row]!,
    node: Math.max(0, row === 0 ? 0 : nodeOfSlot(table.slot[row]!)) as NodeIx,
    shape: shapeOf(kind),
    role: roleOf(table, row, qualified(module, name)),
    attributes: table.cachedKeys[row]! > 0 ? attributeNames(table, table.cachedKeys[row]!) : [],
    fields: row === 0 ? new Map() : fieldsOf(table, row),
  };
}

/** Names of shared attributes. A program may set attributes whose names are values: "?" stands for those. */
function attributeNames({ image, layout }: TypeTable, keys: number): string[] {
  return dictNames(image, layout, keys).map((name) => (isPlainName(name) ? name : "?"));
}

function variantRow(table: TypeTable, row: number, own: TypeRow): TypeRow {
  const { image, layout } = table;
  const key = table.variantKey[row]!;
  const isCode = own.role === "frame" || own.role === "generator" || own.role === "coroutine";
  const attributes = isCode ? describeCode(image, layout, key).localNames : attributeNames(table, key);
  return { ...own, attributes: attributes.slice(0, ATTRIBUTE_LIMIT) };
}

/** Heap types know their qualname and, in their dict, their module; static ones have "module.name" in tp_name. */
function nameOf(table: TypeTable, row: number): { name: string; module: string } {
  const { image, layout } = table;
  const slot = table.slot[row]!;
  const fullName = table.names[row]!;
  const dot = fullName.lastIndexOf(".");
  if (table.ownsType[row] === 0) {
    return dot < 0
      ? { name: fullName, module: "builtins" }
      : { name: fullName.slice(dot + 1), module: fullName.slice(0, dot) };
  }
  const qualnameSlot = follow(image, slot + layout.heapType.qualname / 8);
  const qualname = qualnameSlot > 0 ? readString(image, layout, qualnameSlot, 400) : null;
  const dict = follow(image, slot + layout.type.dict / 8);
  const module = dict > 0 ? dictStringValue(image, layout, dict, "__module__") : null;
  return { name: qualname ?? fullName.slice(dot + 1), module: module ?? (dot < 0 ? "?" : fullName.slice(0, dot)) };
}

function qualified(module: string, name: string): string {
  return module === "builtins" ? name : `${module}.${name}`;
}

function shapeOf(kind: Kind): NodeShape {
  switch (kind) {
    case Kind.tuple:
    case Kind.list:
    case Kind.deque:
    case Kind.ndarray:
    case Kind.element:
    case Kind.simpleQueue:
      return "sequence";
    case Kind.dict:
    case Kind.orderedDict:
    case Kind.contextNode:
      return "mapping";
    case Kind.set:
      return "set";
    default:
      return "fields";
  }
}

const ROLE_OF_KIND: ReadonlyMap<number, TypeRole> = new Map<number, TypeRole>([
  [Kind.str, "str"],
  [Kind.bytes, "bytes"],
  [Kind.int, "int"],
  [Kind.tuple, "tuple"],
  [Kind.list, "list"],
  [Kind.dict, "dict"],
  [Kind.orderedDict, "dict"],
  [Kind.set, "set"],
  [Kind.type, "type"],
  [Kind.weakref, "weakref"],
  [Kind.frame, "frame"],
  [Kind.frameView, "frame"],
  [Kind.code, "code"],
  [Kind.module, "module"],
  [Kind.deque, "deque"],
  [Kind.lruCache, "lru-cache"],
  [Kind.lruLink, "lru-link"],
  [Kind.ndarray, "ndarray"],
]);
const ROLE_OF_NAME: ReadonlyMap<string, TypeRole> = new Map<string, TypeRole>([
  ["function", "function"],
  ["method", "method"],
  ["cell", "cell"],
  ["generator", "generator"],
  ["async_generator", "generator"],
  ["coroutine", "coroutine"],
  ["float", "float"],
  ["traceback", "traceback"],
  ["NoneType", "none"],
  ["property", "property"],
  ["mappingproxy", "mappingproxy"],
  ["_thread._local", "thread-local"],
  ["Context", "context"],
  ["_contextvars.Context", "context"],
  ["hamt", "context-values"],
  ["hamt_bitmap_node", "context-values"],
  ["hamt_array_node", "context-values"],
  ["hamt_collision_node", "context-values"],
]);

function roleOf(table: TypeTable, row: number, name: string): TypeRole {
  const own = ROLE_OF_NAME.get(name) ?? ROLE_OF_KIND.get(table.kind[row]!);
  if (own !== undefined) return own;
  for (let at = row; at > 0; at = table.base[at]!) {
    const inherited = ROLE_OF_BASE.get(table.names[at]!);
    if (inherited !== undefined) return inherited;
  }
  return "plain";
}

/** Roles that subclasses keep, by tp_name of the static base. */
const ROLE_OF_BASE: ReadonlyMap<string, TypeRole> = new Map<string, TypeRole>([
  ["BaseException", "exception"],
  ["_thread._local", "thread-local"],
]);

/** Names of places in instances: C members and slots along the bases, then fields CPython knows under another name. */
function fieldsOf(table: TypeTable, row: number): ReadonlyMap<number, string> {
  const fields = new Map<number, string>();
  for (let at = row; at > 0; at = table.base[at]!) {
    for (const [offset, member] of membersOf(table.image, table.layout, table.slot[at]!))
      setIfNew(fields, offset, member);
    for (const [offset, field] of knownFields(table.layout, table.kind[at]! as Kind, table.names[at]!))
      setIfNew(fields, offset, field);
  }
  if (table.dictOffset[row]! > 0) fields.set(fieldLabel(table.dictOffset[row]!), "__dict__");
  return fields;
}

function setIfNew(fields: Map<number, string>, offset: number, name: string): void {
  const label = fieldLabel(offset);
  if (label !== DICT_LABEL && label < ATTRIBUTE_LABEL && !fields.has(label)) fields.set(label, name);
}

/** `tp_members`: object members only. Slots of a class are such members. */
function membersOf(image: MemoryImage, layout: Layout, type: number): [number, string][] {
  const { member } = layout;
  const found: [number, string][] = [];
  let at = follow(image, type + layout.type.members / 8);
  for (let i = 0; at > 0 && i < MEMBER_LIMIT; i++) {
    const name = pointerAt(image, at + member.name / 8);
    if (name === 0) break;
    const kind = int32At(image, at, member.type);
    if (kind === member.object || kind === member.objectEx)
      found.push([int64At(image, at + member.offset / 8), cStringAt(image, name, 200)]);
    at += member.size / 8;
  }
  return found;
}
