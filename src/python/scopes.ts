// Scopes and names, by the rules of the language reference, "Naming and binding".

import { bindNames, type GrowingScope, newScope, settleNonlocals } from "./bindings.ts";
import type { Scope, Variable } from "./scope.ts";
import type { ClassDef, ComprehensionClause, FunctionDef, Module, Node, ScopeNode } from "./tree.ts";
import { outermostFinder, type FindOutermost } from "./outermost-expression.ts";
import { walk } from "./walk.ts";

export interface ScopeTree {
  readonly module: Scope;
  /** In source order, the module first. */
  readonly all: readonly Scope[];
  /** The scope that `node` opens. */
  readonly openedBy: (node: ScopeNode) => Scope;
  /**
   * The scope in which `node` is evaluated: for a function itself, its decorators, defaults and annotations that is the one
   * around it. O(depth up to the next scope), expressions left out.
   */
  readonly scopeOf: (node: Node) => Scope;
  readonly outermost: FindOutermost;
}

/** The scopes of a module. One walk, O(nodes). */
export function scopesOf(module: Module): ScopeTree {
  const opened = new Map<Node, GrowingScope>();
  const all: GrowingScope[] = [];
  const open = (node: ScopeNode, parent: GrowingScope | null): GrowingScope => {
    const scope = newScope(node, parent);
    opened.set(node, scope);
    all.push(scope);
    return scope;
  };
  const root = open(module, null);
  const outermost = outermostFinder();
  const scopeOf = (node: Node): GrowingScope => opened.get(scopeNodeAround(outermost(node))) ?? root;
  walk(module, (node) => {
    bindNames(node, scopeOf);
    if (isScopeNode(node) && node !== module) open(node, scopeOf(node));
  });
  for (const scope of all) settleNonlocals(scope);
  return { module: root, all, scopeOf, outermost, openedBy: (node) => opened.get(node) ?? root };
}

/** What `name` means in `scope`; null for builtins, names of star imports and unknown ones. O(depth of scopes). */
export function lookUp(scope: Scope, name: string): Variable | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    // The body of a class is invisible from functions inside it.
    if (at.kind === "class" && at !== scope) continue;
    if (at.globals.has(name)) return moduleScopeOf(at).variables.get(name) ?? null;
    const found = at.nonlocals.has(name) ? undefined : at.variables.get(name);
    if (found !== undefined) return found;
  }
  return null;
}

function moduleScopeOf(scope: Scope): Scope {
  let at = scope;
  while (at.parent !== null) at = at.parent;
  return at;
}

/** The nearest node around `node` in whose scope it is evaluated. */
function scopeNodeAround(node: Node): Node {
  let child = node;
  // Defaults and annotations of parameters are evaluated outside; the parameters themselves are inside.
  let isHeader = false;
  for (let at = node.parent; at !== null; child = at, at = at.parent) {
    switch (at.kind) {
      case "module":
        return at;
      case "parameter":
        isHeader = true;
        break;
      case "lambda":
        if (!isHeader) return at;
        isHeader = false;
        break;
      case "function":
      case "class":
        if (!isHeader && !isOutside(at, child)) return at;
        isHeader = false;
        break;
      case "clause":
        // Only the first iterable is evaluated outside.
        isHeader = child === at.iterable && isFirstClause(at);
        break;
      case "comprehension":
        if (!isHeader) return at;
        isHeader = false;
        break;
      default:
    }
  }
  return child;
}

function isOutside(node: FunctionDef | ClassDef, child: Node): boolean {
  if (node.kind === "class") {
    return child.kind === "argument" || (node.decorators as readonly Node[]).includes(child);
  }
  return child === node.returns || (node.decorators as readonly Node[]).includes(child);
}

function isFirstClause(clause: ComprehensionClause): boolean {
  const { parent } = clause;
  return parent?.kind === "comprehension" && parent.clauses[0] === clause;
}

function isScopeNode(node: Node): node is ScopeNode {
  const { kind } = node;
  return kind === "function" || kind === "comprehension" || kind === "class" || kind === "lambda" || kind === "module";
}
