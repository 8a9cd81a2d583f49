// The attribute that says how much a container may hold: `maxsize` beside the deque of a queue.Queue or asyncio.Queue,
// `_Cache__maxsize` beside the dict of a cachetools cache, `_max_entries` beside Django's.

import type { Addr, NodeIx } from "../../base/brand.ts";
import { addressOf } from "../analysis/addresses.ts";
import { fieldName, roleOf, typeRowOf } from "../analysis/edges.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { textOf } from "../analysis/texts.ts";
import { parentOf, type HeapAnalysis } from "../analyse.ts";
import { POSITIONAL_LABEL, type Snapshot } from "../snapshot.ts";

const BOUND = /^_*(?:\w+__)?max_?(?:size|entries|len|length|items)$/i;
/** `asyncio.Queue._getters` stands beside `_maxsize`, too, and is not bounded by it. */
const BOUNDED = /(?:queue|data|cache|store|items|entries|map)$/i;

/** Address of the int that bounds `node`, or null. O(attributes of its owner). */
export function boundAround(analysis: HeapAnalysis, node: NodeIx): Addr | null {
  const { snapshot } = analysis;
  const owner = parentOf(analysis, node);
  if (owner === null) return null;
  const attributes = attributesAround(analysis, owner);
  if (!attributes.some(({ name, value }) => value === node && BOUNDED.test(name))) return null;
  const bound = attributes.find(({ name, value }) => BOUND.test(name) && roleOf(snapshot, value) === "int");
  return bound === undefined ? null : addressOf(snapshot.nodes, bound.value);
}

/** The owner is an object, or the `__dict__` of one. */
function attributesAround(analysis: HeapAnalysis, owner: NodeIx): Attribute[] {
  const { snapshot } = analysis;
  const role = roleOf(snapshot, owner);
  if (role === "plain" && typeRowOf(snapshot, owner).shape === "fields") return fieldsOf(snapshot, owner);
  return role === "dict" && isAttributes(analysis, owner) ? entriesOf(snapshot, owner) : [];
}

interface Attribute {
  readonly name: string;
  readonly value: NodeIx;
}

function isAttributes(analysis: HeapAnalysis, dict: NodeIx): boolean {
  const object = parentOf(analysis, dict);
  if (object === null || roleOf(analysis.snapshot, object) !== "plain") return false;
  return fieldsOf(analysis.snapshot, object).some(({ name, value }) => name === "__dict__" && value === dict);
}

/** Attributes that are kept in the object, and those of a dict that shares its keys. */
function fieldsOf(snapshot: Snapshot, object: NodeIx): Attribute[] {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const type = typeRowOf(snapshot, object);
  const found: Attribute[] = [];
  for (let edge = edgeStart[object]!; edge < edgeStart[object + 1]!; edge++) {
    const label = snapshot.edgeLabel[edge]!;
    const name = label === POSITIONAL_LABEL ? null : fieldName(type, label);
    if (name !== null) found.push({ name, value: edgeTarget[edge]! as NodeIx });
  }
  return found;
}

function entriesOf(snapshot: Snapshot, dict: NodeIx): Attribute[] {
  const found = fieldsOf(snapshot, dict);
  for (const { key, value } of mappingEntries(snapshot, dict)) {
    const name = textOf(snapshot.texts, key);
    if (name !== null) found.push({ name, value });
  }
  return found;
}
