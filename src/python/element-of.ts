// Local names that stand for what a container holds: `row = TABLE[key]`, `for row in TABLE.values()`.

import type { FileView } from "./file-view.ts";
import { assignedValue } from "./names-in-file.ts";
import type { Binding } from "./scope.ts";
import { lookUp } from "./scopes.ts";
import type { Attribute, Expression, Name } from "./tree.ts";

export interface ElementSource {
  /** The container as it is written. */
  readonly container: Name | Attribute;
  readonly key: Expression | null;
  /** It is surely a list, set or dict: `X.setdefault(k, [])`. */
  readonly isContainer: boolean;
}

/** Null when the name is bound in another way, or more than once. O(depth of scopes). */
export function elementSource(file: FileView, name: Name): ElementSource | null {
  const variable = lookUp(file.scopes.scopeOf(name), name.id);
  if (variable?.scope.kind !== "function" || variable.bindings.length !== 1) return null;
  const [binding] = variable.bindings;
  if (binding === undefined) return null;
  const value = assignedValue(binding);
  return value === null ? loopSource(binding) : itemSource(value);
}

/** `X[k]`, `X.get(k)`, `X.setdefault(k, [])`. */
function itemSource(value: Expression): ElementSource | null {
  if (value.kind === "subscript") return sourceOf(value.object, value.index);
  if (value.kind !== "call" || value.callee.kind !== "attribute") return null;
  if (value.callee.name !== "get" && value.callee.name !== "setdefault") return null;
  const [key, made] = value.arguments;
  if (key === undefined) return null;
  return sourceOf(value.callee.object, key.value, made?.value.kind === "display" || made?.value.kind === "dict");
}

/** `for row in X.values()`, `for key, row in list(X.items())`. */
function loopSource({ how, node }: Binding): ElementSource | null {
  if (how !== "for") return null;
  let at = node.parent;
  while (at?.kind === "display") at = at.parent;
  if (at?.kind !== "for") return null;
  const { iterable } = at;
  const copied = iterable.kind === "call" && iterable.callee.kind === "name" ? iterable.arguments[0]?.value : undefined;
  const walked = copied ?? iterable;
  if (walked.kind !== "call" || walked.callee.kind !== "attribute") return null;
  return /^(?:values|items)$/.test(walked.callee.name) ? sourceOf(walked.callee.object, null) : null;
}

function sourceOf(container: Expression, key: Expression | null, isContainer = false): ElementSource | null {
  return container.kind === "name" || container.kind === "attribute" ? { container, key, isContainer } : null;
}
