// What becomes of a value: closed, returned, stored, handed on, dropped. Local names are followed; order is not looked at,
// so that a value which is closed on one way counts as closed.

import type { FileView } from "../../python/file-view.ts";
import { calleeName, namedPlace } from "../../python/names-in-file.ts";
import type { Variable } from "../../python/scope.ts";
import { remembered } from "../../python/remembered.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Argument, Assign, Attribute, Expression, Node } from "../../python/tree.ts";
import { usesOf } from "../../python/uses-of.ts";
import { enclosingFunction } from "../../python/walk.ts";

/** Where a value is stored. */
export interface StoredPlace {
  /** instance: an attribute of `self`. object: an attribute or item of something else. */
  readonly holder: "instance" | "module" | "class" | "object" | "local";
  /** Absolute name; the text if it has none. */
  readonly name: string;
  /** Put among others: `x.append(v)`, `x[k] = v`. */
  readonly isElement: boolean;
  /** The method that puts it there: `append`, `add`. */
  readonly adder?: string;
}

export type Fate =
  | { readonly how: "stored"; readonly place: StoredPlace; readonly node: Node }
  /** `with`, an argument, a method called on it, an attribute read of it. */
  | { readonly how: "given"; readonly callee: string; readonly argument: Argument; readonly node: Node }
  | { readonly how: "method"; readonly name: string; readonly node: Node }
  | { readonly how: "attribute"; readonly name: string; readonly node: Node }
  /** captured: an inner function names it. */
  | {
      readonly how: "entered" | "returned" | "yielded" | "raised" | "deleted" | "captured" | "dropped" | "read";
      readonly node: Node;
    };

const MOST_STEPS = 5;

/**
 * Everything that happens to the value of `expression`. O(uses) for each local name it gets; all values that one variable gets
 * have the same list.
 */
export function fatesOf(file: FileView, expression: Expression): readonly Fate[] {
  return follow(file, expression, 0, new Set());
}

/** The same for whatever `variable` is bound to. */
export function fatesOfVariable(file: FileView, variable: Variable): readonly Fate[] {
  return remembered(file, fatesFromHere, variable);
}

function fatesFromHere(variable: Variable, file: FileView): readonly Fate[] {
  return followVariable(file, variable, 0, new Set());
}

function follow(file: FileView, value: Expression, steps: number, seen: Set<Variable>): readonly Fate[] {
  const { parent } = value;
  if (parent === null || steps > MOST_STEPS) return read(value);
  const around = passedUp(value, parent);
  if (around !== null) return follow(file, around, steps + 1, seen);
  switch (parent.kind) {
    case "walrus":
      return [...follow(file, parent, steps + 1, seen), ...followTarget(file, parent.target, steps, seen)];
    case "assign":
      return parent.value === value ? followAssign(file, parent, steps, seen) : read(value);
    case "argument":
      return givenTo(file, parent);
    case "attribute":
      return [ofAttribute(parent)];
    default:
      return [inStatement(value, parent)];
  }
}

/** The expression around whose value is, or holds, this one; null if there is none. */
function passedUp(value: Expression, parent: Node): Expression | null {
  switch (parent.kind) {
    case "await":
    case "starred":
    case "display":
      return parent;
    case "conditional":
      return parent.test === value ? null : parent;
    case "operation":
      return parent.op === "or" || parent.op === "and" ? parent : null;
    case "comprehension":
      return parent.element === value ? parent : null;
    case "dict-entry":
      return parent.parent?.kind === "dict" ? parent.parent : null;
    default:
      return null;
  }
}

function read(node: Node): readonly Fate[] {
  return [{ how: "read", node }];
}

function inStatement(value: Expression, parent: Node): Fate {
  switch (parent.kind) {
    case "with-item":
      return { how: "entered", node: parent };
    case "return":
    case "lambda":
      return { how: "returned", node: parent };
    case "yield":
      return { how: "yielded", node: parent };
    case "raise":
      return { how: "raised", node: parent };
    case "delete":
      return { how: "deleted", node: parent };
    case "expression-statement":
      return { how: "dropped", node: parent };
    default:
      return { how: "read", node: value };
  }
}

function ofAttribute(attribute: Attribute): Fate {
  const { parent, name } = attribute;
  if (parent?.kind === "call" && parent.callee === attribute) return { how: "method", name, node: parent };
  return { how: "attribute", name, node: attribute };
}

const ADDERS: ReadonlySet<string> = new Set(["append", "appendleft", "add", "insert", "setdefault", "put", "push"]);

function givenTo(file: FileView, argument: Argument): readonly Fate[] {
  const call = argument.parent;
  if (call?.kind !== "call") return read(argument);
  const { callee } = call;
  if (callee.kind === "attribute" && ADDERS.has(callee.name)) {
    const place = placeOfTarget(file, callee.object, true);
    if (place !== null) return [{ how: "stored", place: { ...place, adder: callee.name }, node: call }];
  }
  return [{ how: "given", callee: calleeName(file, callee) ?? "", argument, node: call }];
}

function followAssign(file: FileView, assign: Assign, steps: number, seen: Set<Variable>): readonly Fate[] {
  const [first, ...others] = assign.targets;
  if (first !== undefined && others.length === 0) return followTarget(file, first, steps, seen);
  return assign.targets.flatMap((target) => followTarget(file, target, steps, seen));
}

function followTarget(file: FileView, target: Expression, steps: number, seen: Set<Variable>): readonly Fate[] {
  if (target.kind === "display") return target.elements.flatMap((each) => followTarget(file, each, steps, seen));
  if (target.kind !== "name") {
    const place =
      target.kind === "subscript" ? placeOfTarget(file, target.object, true) : placeOfTarget(file, target, false);
    return place === null ? read(target) : [{ how: "stored", place, node: target }];
  }
  const variable = lookUp(file.scopes.scopeOf(target), target.id);
  if (variable === null) return read(target);
  const { kind } = variable.scope;
  if (kind === "module" || kind === "class")
    return [{ how: "stored", place: { holder: kind, name: nameOf(file, target), isElement: false }, node: target }];
  const fates = seen.size === 0 ? fatesOfVariable(file, variable) : followVariable(file, variable, steps, seen);
  return fates.length === 0 ? [{ how: "dropped", node: target }] : fates;
}

function followVariable(file: FileView, variable: Variable, steps: number, seen: Set<Variable>): readonly Fate[] {
  if (seen.has(variable)) return [];
  seen.add(variable);
  const bound = new Set<Node>(variable.bindings.map(({ node }) => node));
  return usesOf(file, variable).flatMap((use): readonly Fate[] => {
    if (bound.has(use) && use.parent?.kind !== "delete") return [];
    const fates = follow(file, use, steps + 1, seen);
    const isInner = variable.scope.node !== enclosingFunction(use);
    return isInner && variable.scope.kind !== "module" ? [{ how: "captured", node: use }, ...fates] : fates;
  });
}

/** The place that an attribute or a container is; null for what cannot hold anything. */
export function placeOfTarget(file: FileView, target: Expression, isElement: boolean): StoredPlace | null {
  if (target.kind === "subscript") return placeOfTarget(file, target.object, true);
  if (target.kind === "name") {
    const variable = lookUp(file.scopes.scopeOf(target), target.id);
    const alias = namedPlace(file, target);
    if (variable === null) return null;
    const { kind } = variable.scope;
    const holder = kind === "module" || kind === "class" ? kind : alias?.isAlias === true ? "instance" : "local";
    return { holder, name: nameOf(file, target), isElement };
  }
  if (target.kind !== "attribute") return null;
  return { holder: holderOfAttribute(file, target), name: nameOf(file, target), isElement };
}

function holderOfAttribute(file: FileView, { object }: Attribute): StoredPlace["holder"] {
  if (object.kind !== "name") return "object";
  if (object.id === "self") return "instance";
  if (object.id === "cls") return "class";
  const how = lookUp(file.scopes.scopeOf(object), object.id);
  if (how === null || how.scope.kind !== "module") return "object";
  const [binding] = how.bindings;
  return binding?.how === "import" ? "module" : binding?.how === "class" ? "class" : "module";
}

function nameOf(file: FileView, expression: Expression): string {
  return namedPlace(file, expression)?.name ?? file.text.slice(expression.start, expression.end);
}
