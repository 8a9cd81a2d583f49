// Names for references that a dump lists without saying where they lie: by the kind of object at both ends. A function has
// one code object, a module one dict. What that leaves open stays unnamed.

import type { NodeIx } from "../../base/brand.ts";
import { isIdentifier } from "../paths/words.ts";
import { textOf } from "../analysis/texts.ts";
import { CLASS_LABEL, DICT_LABEL, type TypeRole, UNNAMED_LABEL } from "../snapshot.ts";
import type { LinkedObjects } from "./link-objects.ts";
import { type ImportedTypes, typeFacts } from "./imported-types.ts";

interface Places {
  readonly objects: LinkedObjects;
  readonly types: ImportedTypes;
  readonly roles: readonly TypeRole[];
  /** More than one object refers to it. */
  readonly isShared: Uint8Array;
}

/** What stands in a field whose name the kinds of both ends tell; null where they do not. Each field is given once. */
type FieldOf = (places: Places, from: NodeIx, to: NodeIx) => string | null;

const FIELDS: Partial<Readonly<Record<TypeRole, FieldOf>>> = {
  module: (places, _from, to) => (roleAt(places, to) === "dict" ? "__dict__" : null),
  cell: () => "cell_contents",
  method: (places, _from, to) => (roleAt(places, to) === "function" ? "__func__" : "__self__"),
  function: fieldOfFunction,
  type: fieldOfClass,
  plain: () => null,
};

/** Objects/funcobject.c: func_traverse. */
function fieldOfFunction(places: Places, _from: NodeIx, to: NodeIx): string | null {
  switch (roleAt(places, to)) {
    case "code":
      return "__code__";
    case "dict":
      return hasKey(places, to, "__builtins__") || hasKey(places, to, "__name__") ? "__globals__" : null;
    case "tuple":
      return roleAt(places, firstTarget(places, to)) === "cell" ? "__closure__" : "__defaults__";
    default:
      return null;
  }
}

/** Objects/typeobject.c: type_traverse. */
function fieldOfClass(places: Places, from: NodeIx, to: NodeIx): string | null {
  switch (roleAt(places, to)) {
    case "dict":
      return "__dict__";
    case "tuple":
      return firstTarget(places, to) === from ? "__mro__" : "__bases__";
    default:
      return null;
  }
}

/** Gives the references of `objects` their labels, in place. O(references). */
export function namePlaces(objects: LinkedObjects, types: ImportedTypes): void {
  const roles = Array.from({ length: types.count }, (_, row) => typeFacts(types.qualified(row)).role);
  const places: Places = { objects, types, roles, isShared: sharedObjects(objects) };
  for (let node = 1; node < objects.type.length; node++) nameFields(places, node as NodeIx);
}

function nameFields(places: Places, node: NodeIx): void {
  const { objects, types, roles } = places;
  const type = objects.type[node]!;
  const fieldOf = FIELDS[roles[type]!];
  if (fieldOf === undefined) return;
  const given = new Set<string>();
  const isOwn = roles[type] === "plain" && !types.qualified(type).startsWith("builtins.");
  for (let edge = objects.edgeStart[node]!; edge < objects.edgeStart[node + 1]!; edge++) {
    if (objects.edgeLabel[edge] !== UNNAMED_LABEL) continue;
    const to = objects.edgeTarget[edge]! as NodeIx;
    const name = fieldOf(places, node, to);
    if (name !== null && !given.has(name)) {
      given.add(name);
      objects.edgeLabel[edge] = types.label(type, name);
    } else if (isOwn) nameOfInstance(places, node, edge);
  }
}

/** An instance and its class; an instance and the dict that only it has, whose keys are names. */
function nameOfInstance(places: Places, node: NodeIx, edge: number): void {
  const { objects, types } = places;
  const to = objects.edgeTarget[edge]! as NodeIx;
  const role = roleAt(places, to);
  if (role === "type" && textOf(objects.texts, to) === types.qualified(objects.type[node]!))
    objects.edgeLabel[edge] = CLASS_LABEL;
  if (role !== "dict" || places.isShared[to] === 1) return;
  const first = firstTarget(places, to);
  if (isIdentifier(textOf(objects.texts, first) ?? "")) objects.edgeLabel[edge] = DICT_LABEL;
}

function roleAt({ objects, roles }: Places, node: NodeIx): TypeRole {
  return roles[objects.type[node]!]!;
}

function firstTarget({ objects }: Places, node: NodeIx): NodeIx {
  const edge = objects.edgeStart[node]!;
  return (edge < objects.edgeStart[node + 1]! ? objects.edgeTarget[edge]! : 0) as NodeIx;
}

/** Keys are looked at from the first on; those of namespaces stand at the beginning. */
const KEYS_LOOKED_AT = 32;

function hasKey({ objects }: Places, dict: NodeIx, name: string): boolean {
  const start = objects.edgeStart[dict]!;
  const end = Math.min(objects.edgeStart[dict + 1]!, start + KEYS_LOOKED_AT);
  for (let edge = start; edge < end; edge += 2)
    if (textOf(objects.texts, objects.edgeTarget[edge]! as NodeIx) === name) return true;
  return false;
}

function sharedObjects({ edgeTarget, type }: LinkedObjects): Uint8Array {
  const isSeen = new Uint8Array(type.length);
  const isShared = new Uint8Array(type.length);
  for (const target of edgeTarget) {
    isShared[target] = isSeen[target]!;
    isSeen[target] = 1;
  }
  return isShared;
}
