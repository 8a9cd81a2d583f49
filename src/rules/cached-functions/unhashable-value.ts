// Expressions whose value cannot be the key of a dict.

import type { FileView } from "../../python/file-view.ts";
import { assignedValue } from "../../python/names-in-file.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Expression, Name } from "../../python/tree.ts";

export type Unhashable = "a list" | "a dict" | "a set" | "a bytearray";

/** Null for what may be hashable. Local names are followed to their one assignment. O(size of the expression). */
export function unhashableKind(file: FileView, value: Expression): Unhashable | null {
  switch (value.kind) {
    case "dict":
      return "a dict";
    case "comprehension":
      return value.type === "generator" ? null : NAMES[value.type];
    case "display":
      if (value.type !== "tuple") return NAMES[value.type];
      for (const element of value.elements) {
        const inside = unhashableKind(file, element);
        if (inside !== null) return inside;
      }
      return null;
    case "call":
      return value.callee.kind === "name" ? madeBy(file, value.callee) : null;
    case "name":
      return unhashableLocal(file, value);
    default:
      return null;
  }
}

const NAMES = { list: "a list", dict: "a dict", set: "a set" } as const;

function madeBy(file: FileView, callee: Name): Unhashable | null {
  if (!/^(?:list|dict|set|bytearray|sorted)$/.test(callee.id)) return null;
  if (lookUp(file.scopes.scopeOf(callee), callee.id) !== null) return null;
  if (callee.id === "bytearray") return "a bytearray";
  return callee.id === "dict" ? "a dict" : callee.id === "set" ? "a set" : "a list";
}

function unhashableLocal(file: FileView, name: Name): Unhashable | null {
  const variable = lookUp(file.scopes.scopeOf(name), name.id);
  const [binding] = variable?.bindings ?? [];
  if (variable?.scope.kind !== "function" || variable.bindings.length !== 1 || binding === undefined) return null;
  const value = assignedValue(binding);
  return value === null || value.kind === "name" ? null : unhashableKind(file, value);
}
