// Looks values up in the finished columns: a key of a dict, an attribute of an object, the value of a str or an int.

import { Kind } from "../../cpython/kinds.ts";
import { ATTRIBUTE_LABEL, DICT_LABEL } from "../../cpython/labels.ts";
import { readSmallInt } from "../../cpython/read-int.ts";
import { readString } from "../../cpython/read-string.ts";
import type { TypeRow } from "../snapshot.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";

/** What the look-ups read: the finished columns and, for texts, the image. */
export interface NameSource {
  readonly walk: Walk;
  readonly columns: Columns;
  readonly rows: readonly TypeRow[];
}

/** Value under a str key of a dict node, -1 when absent. */
export function valueOf(source: NameSource, dict: number, key: string): number {
  let found = -1;
  forEachPair(source, dict, (keyNode, value) => {
    if (found < 0 && stringOf(source, keyNode) === key) found = value;
  });
  return found;
}

/** An attribute of an instance or module: kept in shared-key order, in a slot, or in its `__dict__`. */
export function attributeOf(source: NameSource, node: number, name: string): number {
  const { refs, edgeLabel, nodes } = source.columns;
  const row = source.rows[nodes.type[node]!]!;
  for (let edge = refs.edgeStart[node]!; edge < refs.edgeStart[node + 1]!; edge++) {
    const label = edgeLabel[edge]!;
    const target = refs.edgeTarget[edge]!;
    if (label >= ATTRIBUTE_LABEL && row.attributes[label - ATTRIBUTE_LABEL] === name) return target;
    if (row.fields.get(label) === name) return target;
    if (label !== DICT_LABEL && row.fields.get(label) !== "__dict__") continue;
    const inDict = valueOf(source, target, name);
    const found = inDict >= 0 ? inDict : attributeOf(source, target, name);
    if (found >= 0) return found;
  }
  return -1;
}

/** Keys and values of a dict node, in its order; nothing for nodes that are no mapping. */
export function forEachPair(source: NameSource, dict: number, visit: (key: number, value: number) => void): void {
  const { refs, edgeLabel, nodes } = source.columns;
  if (source.rows[nodes.type[dict]!]!.shape !== "mapping") return;
  const end = refs.edgeStart[dict + 1]!;
  for (let edge = refs.edgeStart[dict]!; edge + 1 < end && edgeLabel[edge] === 0; edge += 2)
    visit(refs.edgeTarget[edge]!, refs.edgeTarget[edge + 1]!);
}

/** The text of a str node, at most 200 characters; null for any other. */
export function stringOf(source: NameSource, node: number): string | null {
  const { walk, columns } = source;
  if (walk.types.kind[columns.nodes.type[node]!] !== Kind.str) return null;
  return readString(walk.image, walk.layout, columns.slotOfNode[node]!, 200);
}

/** The value of a small int node; null for any other. */
export function intOf(source: NameSource, node: number): number | null {
  const { walk, columns } = source;
  if (walk.types.kind[columns.nodes.type[node]!] !== Kind.int) return null;
  return readSmallInt(walk.image, walk.layout, columns.slotOfNode[node]!);
}
