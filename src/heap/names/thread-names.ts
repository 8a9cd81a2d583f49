// Names threads as the threading module knows them: `threading._active` maps thread idents to Thread objects.

import { redactText } from "../../base/secrets.ts";
import { Kind } from "../../cpython/kinds.ts";
import { ATTRIBUTE_LABEL, DICT_LABEL } from "../../cpython/labels.ts";
import { readSmallInt } from "../../cpython/read-int.ts";
import { readString } from "../../cpython/read-string.ts";
import type { TypeRow } from "../snapshot.ts";
import type { Columns } from "../walk/renumber.ts";
import type { Walk } from "../walk/walk-state.ts";

/** What the lookups below read: the finished columns and, for texts, the image. */
export interface NameSource {
  readonly walk: Walk;
  readonly columns: Columns;
  readonly rows: readonly TypeRow[];
}

/** ident -> name of every thread that `threading` knows; empty when the program never imported it. */
export function threadNames(source: NameSource, modulesDict: number): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const threading = valueOf(source, modulesDict, "threading");
  const active = threading < 0 ? -1 : attributeOf(source, threading, "_active");
  if (active < 0) return names;
  forEachPair(source, active, (key, thread) => {
    const ident = intOf(source, key);
    const name = attributeOf(source, thread, "_name");
    if (ident !== null && name >= 0) names.set(String(ident), redactText(stringOf(source, name) ?? ""));
  });
  return names;
}

/** Value under a str key of a dict node, -1 when absent. */
export function valueOf(source: NameSource, dict: number, key: string): number {
  let found = -1;
  forEachPair(source, dict, (keyNode, value) => {
    if (found < 0 && stringOf(source, keyNode) === key) found = value;
  });
  return found;
}

/** An attribute of an instance or module: kept in shared-key order, or in its `__dict__`. */
export function attributeOf(source: NameSource, node: number, name: string): number {
  const { refs, edgeLabel, nodes } = source.columns;
  const row = source.rows[nodes.type[node]!]!;
  for (let edge = refs.edgeStart[node]!; edge < refs.edgeStart[node + 1]!; edge++) {
    const label = edgeLabel[edge]!;
    const target = refs.edgeTarget[edge]!;
    if (label >= ATTRIBUTE_LABEL && row.attributes[label - ATTRIBUTE_LABEL] === name) return target;
    if (label !== DICT_LABEL && row.fields.get(label) !== "__dict__") continue;
    const inDict = valueOf(source, target, name);
    const found = inDict >= 0 ? inDict : attributeOf(source, target, name);
    if (found >= 0) return found;
  }
  return -1;
}

function forEachPair(source: NameSource, dict: number, visit: (key: number, value: number) => void): void {
  const { refs, edgeLabel, nodes } = source.columns;
  if (source.rows[nodes.type[dict]!]!.shape !== "mapping") return;
  const end = refs.edgeStart[dict + 1]!;
  for (let edge = refs.edgeStart[dict]!; edge + 1 < end && edgeLabel[edge] === 0; edge += 2)
    visit(refs.edgeTarget[edge]!, refs.edgeTarget[edge + 1]!);
}

function stringOf(source: NameSource, node: number): string | null {
  const { walk, columns } = source;
  if (walk.types.kind[columns.nodes.type[node]!] !== Kind.str) return null;
  return readString(walk.image, walk.layout, columns.slotOfNode[node]!, 200);
}

function intOf(source: NameSource, node: number): number | null {
  const { walk, columns } = source;
  if (walk.types.kind[columns.nodes.type[node]!] !== Kind.int) return null;
  return readSmallInt(walk.image, walk.layout, columns.slotOfNode[node]!);
}
