// What an edge means: which place of the referrer it goes through. Positional edges of one node stand side by side in
// the order of the elements, so a position is a subtraction.

import { OVERSIZE } from "../../base/uint32.ts";
import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import {
  ATTRIBUTE_LABEL,
  CLASS_LABEL,
  DICT_LABEL,
  FIRST_FIELD_LABEL,
  POSITIONAL_LABEL,
  type NodeShape,
  type Snapshot,
  type TypeRole,
  type TypeRow,
} from "../snapshot.ts";

/** How one edge leaves its referrer. */
export type EdgePlace =
  | { readonly kind: "element"; readonly index: number }
  | { readonly kind: "member" }
  | { readonly kind: "key"; readonly index: number }
  | { readonly kind: "value"; readonly index: number; readonly key: NodeIx }
  /** An attribute or a C field with a name; `__dict__` and `__class__` are among them. */
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "unnamed" };

export function typeRowOf(snapshot: Snapshot, node: NodeIx): TypeRow {
  return snapshot.types[snapshot.nodes.type[node]!]!;
}

export function roleOf(snapshot: Snapshot, node: NodeIx): TypeRole {
  return typeRowOf(snapshot, node).role;
}

/** "dict", "app.models.Session". */
export function qualifiedName(type: TypeRow): string {
  return type.module === "" || type.module === "builtins" ? type.name : `${type.module}.${type.name}`;
}

export function typeNameOf(snapshot: Snapshot, node: NodeIx): string {
  return qualifiedName(typeRowOf(snapshot, node));
}

export function shallowBytesOf(snapshot: Snapshot, node: NodeIx): number {
  const bytes = snapshot.nodes.shallowBytes[node]!;
  return bytes === OVERSIZE ? (snapshot.nodes.oversize.get(node) ?? bytes) : bytes;
}

/** First positional edge of a node, or the end of its edges. Fields may stand before and after the run of positions. */
export function firstPositionalEdge(snapshot: Snapshot, node: NodeIx): number {
  const end = snapshot.refs.edgeStart[node + 1]!;
  let edge = snapshot.refs.edgeStart[node]!;
  while (edge < end && snapshot.edgeLabel[edge] !== POSITIONAL_LABEL) edge++;
  return edge;
}

/** Number of positional edges. */
function positionCount(snapshot: Snapshot, node: NodeIx): number {
  const first = firstPositionalEdge(snapshot, node);
  let end = snapshot.refs.edgeStart[node + 1]!;
  while (end > first && snapshot.edgeLabel[end - 1] !== POSITIONAL_LABEL) end--;
  return end - first;
}

/** Elements a container holds; null for objects that are no containers. */
export function entriesOf(snapshot: Snapshot, node: NodeIx): number | null {
  switch (typeRowOf(snapshot, node).shape) {
    case "fields":
      return null;
    case "mapping":
      return attributeCount(snapshot, node) + (positionCount(snapshot, node) >> 1);
    case "sequence":
    case "set":
      return positionCount(snapshot, node);
  }
}

/** Entries of a dict that shares its keys with its class are labelled as attributes. */
function attributeCount(snapshot: Snapshot, node: NodeIx): number {
  if (typeRowOf(snapshot, node).attributes.length === 0) return 0;
  let count = 0;
  const end = snapshot.refs.edgeStart[node + 1]!;
  for (let edge = snapshot.refs.edgeStart[node]!; edge < end; edge++) {
    if (snapshot.edgeLabel[edge]! >= ATTRIBUTE_LABEL) count++;
  }
  return count;
}

/** Says through which place of `from` the edge goes. */
export function placeOf(snapshot: Snapshot, from: NodeIx, edge: EdgeIx): EdgePlace {
  const label = snapshot.edgeLabel[edge]!;
  const type = typeRowOf(snapshot, from);
  if (label === POSITIONAL_LABEL) return positionalPlace(snapshot, type.shape, from, edge);
  const name = fieldName(type, label);
  return name === null ? { kind: "unnamed" } : { kind: "field", name };
}

function positionalPlace(snapshot: Snapshot, shape: NodeShape, from: NodeIx, edge: EdgeIx): EdgePlace {
  const position = edge - firstPositionalEdge(snapshot, from);
  switch (shape) {
    case "sequence":
      return { kind: "element", index: position };
    case "set":
      return { kind: "member" };
    case "mapping":
      return position % 2 === 0
        ? { kind: "key", index: position >> 1 }
        : { kind: "value", index: position >> 1, key: snapshot.refs.edgeTarget[edge - 1]! as NodeIx };
    case "fields":
      return { kind: "unnamed" };
  }
}

/** Name behind a label that is not positional, or null. */
export function fieldName(type: TypeRow, label: number): string | null {
  if (label >= ATTRIBUTE_LABEL) return type.attributes[label - ATTRIBUTE_LABEL] ?? null;
  if (label === DICT_LABEL) return "__dict__";
  if (label === CLASS_LABEL) return "__class__";
  return label >= FIRST_FIELD_LABEL ? (type.fields.get(label) ?? null) : null;
}

/** What `from` holds in the field or attribute `name`, or null. */
export function fieldTarget(snapshot: Snapshot, from: NodeIx, name: string): NodeIx | null {
  const type = typeRowOf(snapshot, from);
  const end = snapshot.refs.edgeStart[from + 1]!;
  for (let edge = snapshot.refs.edgeStart[from]!; edge < end; edge++) {
    const label = snapshot.edgeLabel[edge]!;
    if (label !== POSITIONAL_LABEL && fieldName(type, label) === name) return snapshot.refs.edgeTarget[edge]! as NodeIx;
  }
  return null;
}

/** The edge a person would follow from `from` to `to`: a value before a key, a name before no name. */
export function bestEdge(snapshot: Snapshot, from: NodeIx, to: NodeIx): EdgeIx | null {
  const end = snapshot.refs.edgeStart[from + 1]!;
  let spare: number | null = null;
  for (let edge = snapshot.refs.edgeStart[from]!; edge < end; edge++) {
    if (snapshot.refs.edgeTarget[edge] !== to) continue;
    const place = placeOf(snapshot, from, edge as EdgeIx).kind;
    if (place !== "key" && place !== "unnamed") return edge as EdgeIx;
    spare ??= edge;
  }
  return spare as EdgeIx | null;
}

/** True when the type of `node` or one of its bases has a fitting qualified name. */
export function hasBase(snapshot: Snapshot, node: NodeIx, fits: (name: string) => boolean): boolean {
  let type = typeRowOf(snapshot, node);
  for (let depth = 0; depth < DEEPEST_BASE; depth++) {
    if (fits(qualifiedName(type))) return true;
    const base = type.base < 0 ? undefined : snapshot.types[type.base];
    if (base === undefined || base === type) return false;
    type = base;
  }
  return false;
}

/** Against a torn type table that would send us round in circles. */
const DEEPEST_BASE = 50;
