// One step of a written path: from objects to the objects below them. A step may lead to many (`[*]`).

import type { EdgeIx, NodeIx } from "../../base/brand.ts";
import { fieldName, fieldTarget, firstPositionalEdge, placeOf, roleOf, typeRowOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { futureField } from "../paths/future-fields.ts";
import { codeOfFrame } from "../paths/words.ts";
import { POSITIONAL_LABEL, type Snapshot } from "../snapshot.ts";

export type PathStepText =
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "key-of-type"; readonly type: string }
  /** Every element, value or member. */
  | { readonly kind: "any" }
  | { readonly kind: "keys" }
  /** `<lru_cache>`, `<queue>`, `<thread-local>`, `<default>` of a context variable. */
  | { readonly kind: "special"; readonly name: string }
  | { readonly kind: "frame"; readonly name: string }
  /** `<inside app.Engine>`: a place in a C object that has no name. */
  | { readonly kind: "unnamed" };

const MOST_NODES = 200_000;
const MOST_NAMES = 5_000;

export function stepFrom(analysis: HeapAnalysis, nodes: readonly NodeIx[], step: PathStepText): readonly NodeIx[] {
  const found = new Set<NodeIx>();
  for (const node of nodes) {
    for (const next of stepFromOne(analysis, node, step)) {
      if (next !== 0) found.add(next);
      if (found.size >= MOST_NODES) return [...found];
    }
  }
  return [...found];
}

function stepFromOne(analysis: HeapAnalysis, node: NodeIx, step: PathStepText): readonly NodeIx[] {
  const { snapshot } = analysis;
  switch (step.kind) {
    case "attribute":
      return attributesCalled(snapshot, node, step.name);
    case "special":
      return specialStep(snapshot, node, step.name);
    case "frame":
      return framesCalled(analysis, node, step.name);
    case "unnamed":
      return unnamedParts(snapshot, node);
    default:
      return elementsWhere(snapshot, containerOf(snapshot, node), step);
  }
}

/** Attributes and keys that could follow in a path, for suggestions. */
export function namesAt({ snapshot }: HeapAnalysis, node: NodeIx): string[] {
  const names: string[] = [];
  const dict = fieldTarget(snapshot, node, "__dict__");
  for (const at of dict === null ? [node] : [node, dict]) {
    const end = snapshot.refs.edgeStart[at + 1]!;
    for (let edge = snapshot.refs.edgeStart[at]!; edge < end && names.length < MOST_NAMES; edge++) {
      const place = placeOf(snapshot, at, edge as EdgeIx);
      const text = place.kind === "value" ? textOf(snapshot.texts, place.key) : null;
      if (place.kind === "field" && place.name !== "__dict__") names.push(`.${place.name}`);
      else if (text !== null) names.push(at === dict ? `.${text}` : `['${text}']`);
    }
  }
  return names;
}

function attributesCalled(snapshot: Snapshot, node: NodeIx, name: string): readonly NodeIx[] {
  if (name !== "__dict__") {
    const dict = fieldTarget(snapshot, node, "__dict__");
    const inDict =
      dict === null
        ? []
        : [...fieldsCalled(snapshot, dict, name), ...elementsWhere(snapshot, dict, { kind: "key", key: name })];
    if (inDict.length > 0) return inDict;
  }
  const own = fieldsCalled(snapshot, node, name);
  // The result of an unbounded cache stands in the cache itself, without a link that has a `.result`.
  return own.length === 0 && name === "result" ? [node] : own;
}

function unnamedParts(snapshot: Snapshot, node: NodeIx): readonly NodeIx[] {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const targets = [...edgeTarget.subarray(edgeStart[node], edgeStart[node + 1])] as NodeIx[];
  return targets.filter((target, at) => {
    const place = placeOf(snapshot, node, (edgeStart[node]! + at) as EdgeIx);
    return place.kind === "unnamed" && futureField(snapshot, node, target) === null;
  });
}

function fieldsCalled(snapshot: Snapshot, node: NodeIx, name: string): readonly NodeIx[] {
  const type = typeRowOf(snapshot, node);
  const found: NodeIx[] = [];
  const end = snapshot.refs.edgeStart[node + 1]!;
  for (let edge = snapshot.refs.edgeStart[node]!; edge < end; edge++) {
    const label = snapshot.edgeLabel[edge]!;
    const target = snapshot.refs.edgeTarget[edge]! as NodeIx;
    if (label === POSITIONAL_LABEL) continue;
    if ((fieldName(type, label) ?? futureField(snapshot, node, target)) === name) found.push(target);
  }
  return found;
}

/** Subscripts of a cache go to its entries. */
function containerOf(snapshot: Snapshot, node: NodeIx): NodeIx {
  return roleOf(snapshot, node) === "lru-cache" ? (fieldTarget(snapshot, node, "cache") ?? node) : node;
}

function elementsWhere(snapshot: Snapshot, node: NodeIx, step: PathStepText): readonly NodeIx[] {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const { shape } = typeRowOf(snapshot, node);
  if (shape === "fields") return [];
  const first = firstPositionalEdge(snapshot, node);
  const end = edgeStart[node + 1]!;
  const stride = shape === "mapping" ? 2 : 1;
  const value = step.kind === "keys" ? 0 : stride - 1;
  const found: NodeIx[] = [];
  for (
    let edge = first, index = 0;
    edge + stride <= end && snapshot.edgeLabel[edge] === POSITIONAL_LABEL;
    edge += stride, index++
  ) {
    const key = shape === "mapping" ? (edgeTarget[edge]! as NodeIx) : null;
    if (fits(snapshot, step, index, key)) found.push(edgeTarget[edge + value]! as NodeIx);
  }
  return found;
}

/** An index is a position in sequences and a key in dicts; caches count their entries, whose keys are no texts. */
function fits(snapshot: Snapshot, step: PathStepText, index: number, key: NodeIx | null): boolean {
  if (step.kind === "any" || step.kind === "keys") return true;
  if (key === null) return step.kind === "index" && step.index === index;
  if (step.kind === "key-of-type") return typeRowOf(snapshot, key).name === step.type;
  const text = textOf(snapshot.texts, key);
  const isInt = roleOf(snapshot, key) === "int";
  if (step.kind === "key") return text === step.key && !isInt;
  if (step.kind !== "index") return false;
  return text === null
    ? step.index === index && roleOf(snapshot, key) === "tuple"
    : isInt && text === String(step.index);
}

function specialStep(snapshot: Snapshot, node: NodeIx, name: string): readonly NodeIx[] {
  if (name === "<lru_cache>") return roleOf(snapshot, node) === "lru-cache" ? [node] : [];
  if (name === "<queue>") {
    const items = [...attributesCalled(snapshot, node, "queue"), ...attributesCalled(snapshot, node, "_queue")];
    if (items.length > 0) return items;
    const lists = unnamedParts(snapshot, node).filter((part) => roleOf(snapshot, part) === "list");
    return lists.length > 0 ? lists : [node];
  }
  if (name === "<default>") return fieldsCalled(snapshot, node, name);
  return name === "<thread-local>" ? threadLocalDicts(snapshot, node) : [];
}

function threadLocalDicts(snapshot: Snapshot, node: NodeIx): readonly NodeIx[] {
  const { edgeStart, edgeTarget } = snapshot.refs;
  const below = [...edgeTarget.subarray(edgeStart[node], edgeStart[node + 1])] as NodeIx[];
  const dicts = below.filter((target) => roleOf(snapshot, target) === "dict");
  return dicts.flatMap((dict) => elementsWhere(snapshot, dict, { kind: "any" }));
}

/** ` in load()` after a traceback: the frames of the whole chain. */
function framesCalled(analysis: HeapAnalysis, node: NodeIx, name: string): readonly NodeIx[] {
  const { snapshot } = analysis;
  const { edgeStart, edgeTarget } = snapshot.refs;
  const found: NodeIx[] = [];
  const seen = new Set<NodeIx>();
  for (let at: NodeIx | undefined = node; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const below: NodeIx[] = [...edgeTarget.subarray(edgeStart[at], edgeStart[at + 1])] as NodeIx[];
    found.push(
      ...below.filter((to) => roleOf(snapshot, to) === "frame" && codeOfFrame(analysis, to)?.qualname === name),
    );
    at = below.find((to) => roleOf(snapshot, to) === "traceback");
  }
  return found;
}
