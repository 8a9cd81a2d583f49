// What a registry keeps when it is given a callback.

import type { FileView } from "../../python/file-view.ts";
import { absoluteName } from "../../python/names-in-file.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Expression, FunctionDef, Lambda } from "../../python/tree.ts";
import { walk } from "../../python/walk.ts";

export interface HandedOver {
  /** method: bound to an object. closure: made at every call. function: the same at every call. */
  readonly how: "method" | "closure" | "function";
  /** The object of the method, or the variables of the function around that the closure names. */
  readonly keeps: string;
}

/** Null when nobody can tell what the value is: a parameter, a result. O(nodes of an inner function). */
export function whatIsHandedOver(file: FileView, value: Expression): HandedOver | null {
  switch (value.kind) {
    case "lambda":
      return { how: "closure", keeps: variablesNamed(file, value).join(", ") };
    case "attribute":
      return ofAttribute(file, value);
    case "name":
      return ofName(file, value);
    case "call":
      return absoluteName(file, value.callee) === "functools.partial"
        ? {
            how: "closure",
            keeps: argumentsOf(
              file,
              value.arguments.slice(1).map((each) => each.value),
            ),
          }
        : null;
    default:
      return null;
  }
}

function ofAttribute(file: FileView, value: Extract<Expression, { readonly kind: "attribute" }>): HandedOver | null {
  // A function of a module or of a class is the same every time.
  if (absoluteName(file, value.object) !== null) return { how: "function", keeps: "" };
  return { how: "method", keeps: file.text.slice(value.object.start, value.object.end) };
}

function ofName(file: FileView, value: Extract<Expression, { readonly kind: "name" }>): HandedOver | null {
  const variable = lookUp(file.scopes.scopeOf(value), value.id);
  const [binding] = variable?.bindings ?? [];
  if (variable === null || binding === undefined) return null;
  if (variable.scope.kind === "module") return { how: "function", keeps: "" };
  if (binding.how !== "function" || binding.node.kind !== "function") return null;
  return { how: "closure", keeps: variablesNamed(file, binding.node).join(", ") };
}

function argumentsOf(file: FileView, values: readonly Expression[]): string {
  return values
    .filter(({ kind }) => kind !== "constant")
    .map(({ start, end }) => file.text.slice(start, end))
    .join(", ");
}

const MOST_NAMES = 4;

/** Variables of functions around that the body names: the cells of the closure. O(nodes). */
export function variablesNamed(file: FileView, inner: FunctionDef | Lambda): readonly string[] {
  const own = file.scopes.openedBy(inner);
  const names = new Set<string>();
  walk(inner, (node) => {
    if (node.kind !== "name" || names.size >= MOST_NAMES) return;
    const variable = lookUp(file.scopes.scopeOf(node), node.id);
    if (variable === null || variable.scope === own) return;
    const { kind, node: owner } = variable.scope;
    if (kind === "function" && owner.start <= inner.start && owner.end >= inner.end && owner !== inner)
      names.add(node.id);
  });
  return [...names];
}
