// Which names a node binds, and where.

import type { Binding, HowBound, Scope, Variable } from "./scope.ts";
import type { Alias, Expression, Global, Node, Nonlocal, ScopeNode } from "./tree.ts";

export interface GrowingScope extends Scope {
  readonly parent: GrowingScope | null;
  readonly variables: Map<string, GrowingVariable>;
  globals: ReadonlySet<string>;
  nonlocals: ReadonlySet<string>;
  starImports: readonly Alias[];
}

interface GrowingVariable extends Variable {
  readonly scope: GrowingScope;
  readonly bindings: Binding[];
}

/** Of nearly every scope: a set of its own for each would be as much memory as the rest of the scope. */
const NO_NAMES: ReadonlySet<string> = new Set();
const NO_IMPORTS: readonly Alias[] = [];

export function newScope(node: ScopeNode, parent: GrowingScope | null): GrowingScope {
  return {
    kind: node.kind,
    node,
    parent,
    variables: new Map(),
    globals: NO_NAMES,
    nonlocals: NO_NAMES,
    starImports: NO_IMPORTS,
  };
}

type ScopeOf = (node: Node) => GrowingScope;

/** Records what `node` itself binds; its children come later. */
export function bindNames(node: Node, scopeOf: ScopeOf): void {
  switch (node.kind) {
    case "assign":
      for (const target of node.targets) bindTarget(target, node.value === null ? "annotation" : "assignment", scopeOf);
      return;
    case "parameter":
      if (node.name !== "") bind(scopeOf(node), node.name, "parameter", node);
      return;
    case "alias":
      bindAlias(node, scopeOf(node));
      return;
    case "function":
    case "class":
    case "type-alias":
      bind(scopeOf(node), node.name, node.kind, node);
      return;
    case "except":
      if (node.name !== null) bind(scopeOf(node), node.name, "except", node);
      return;
    case "case":
      for (const name of node.boundNames) bind(scopeOf(node), name, "match", node);
      return;
    case "walrus":
      bind(outsideComprehensions(scopeOf(node)), node.target.id, "walrus", node);
      return;
    case "delete":
      for (const target of node.targets) bindTarget(target, "delete", scopeOf);
      return;
    case "global":
    case "nonlocal":
      declareNames(node, scopeOf(node));
      return;
    default:
      bindLoopTarget(node, scopeOf);
  }
}

function declareNames({ kind, names }: Global | Nonlocal, scope: GrowingScope): void {
  if (kind === "global") scope.globals = new Set([...scope.globals, ...names]);
  else scope.nonlocals = new Set([...scope.nonlocals, ...names]);
}

function bindLoopTarget(node: Node, scopeOf: ScopeOf): void {
  switch (node.kind) {
    case "for":
      bindTarget(node.target, "for", scopeOf);
      return;
    case "clause":
      bindTarget(node.target, "comprehension", scopeOf);
      return;
    case "with-item":
      if (node.target !== null) bindTarget(node.target, "with", scopeOf);
      return;
    case "aug-assign":
      bindTarget(node.target, "augmented", scopeOf);
      return;
    default:
  }
}

/** Names, also inside tuples, lists and stars; attributes and subscripts bind nothing. */
function bindTarget(target: Expression, how: HowBound, scopeOf: ScopeOf): void {
  const open: Expression[] = [target];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.kind === "name") bind(scopeOf(at), at.id, how, at);
    else if (at.kind === "display") open.push(...at.elements.toReversed());
    else if (at.kind === "starred") open.push(at.value);
  }
}

function bindAlias(alias: Alias, scope: GrowingScope): void {
  if (alias.name === "*") {
    scope.starImports = [...scope.starImports, alias];
    return;
  }
  const isFrom = alias.parent?.kind === "import-from";
  const [first = ""] = alias.name.split(".", 1);
  bind(scope, alias.asName ?? (isFrom ? alias.name : first), "import", alias);
}

function bind(scope: GrowingScope, name: string, how: HowBound, node: Node): void {
  const owner = scope.globals.has(name) ? moduleOf(scope) : scope;
  const binding: Binding = { how, node, from: scope };
  const known = owner.variables.get(name);
  if (known === undefined) owner.variables.set(name, { name, scope: owner, bindings: [binding] });
  else known.bindings.push(binding);
}

function moduleOf(scope: GrowingScope): GrowingScope {
  let at = scope;
  while (at.parent !== null) at = at.parent;
  return at;
}

/** PEP 572: the name belongs to the function around the comprehension. */
function outsideComprehensions(scope: GrowingScope): GrowingScope {
  let at = scope;
  while (at.kind === "comprehension" && at.parent !== null) at = at.parent;
  return at;
}

/** Moves what was bound to `nonlocal` names to their owners, which may come later in the source than the function inside. */
export function settleNonlocals(scope: GrowingScope): void {
  for (const name of scope.nonlocals) {
    const strays = scope.variables.get(name);
    const owner = strays === undefined ? null : ownerOfNonlocal(scope, name);
    if (strays === undefined || owner === null) continue;
    scope.variables.delete(name);
    owner.bindings.push(...strays.bindings);
    owner.bindings.sort((a, b) => a.node.start - b.node.start);
  }
}

function ownerOfNonlocal(scope: GrowingScope, name: string): GrowingVariable | null {
  for (let at = scope.parent; at !== null; at = at.parent) {
    const found = at.kind === "class" || at.nonlocals.has(name) ? undefined : at.variables.get(name);
    if (found !== undefined) return at.kind === "module" ? null : found;
  }
  return null;
}
