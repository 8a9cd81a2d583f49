// What a scope and a variable are; scopes.ts finds them.

import type { Alias, Node, ScopeNode } from "./tree.ts";

export type HowBound =
  | "parameter"
  | "assignment"
  /** `x += 1` */
  | "augmented"
  /** `x: int` without a value. */
  | "annotation"
  | "import"
  | "function"
  | "class"
  | "for"
  | "with"
  | "except"
  | "walrus"
  | "match"
  | "delete"
  | "type-alias"
  /** Target of a comprehension's `for`. */
  | "comprehension";

export interface Binding {
  readonly how: HowBound;
  /**
   * The node that binds: parameter, alias, function, class, except, case, type-alias, walrus; for names in targets the
   * name itself, whose statement is among its ancestors.
   */
  readonly node: Node;
  /** Where the binding is written: another scope than the variable's with `global`, `nonlocal` and walrus. */
  readonly from: Scope;
}

export interface Variable {
  readonly name: string;
  readonly scope: Scope;
  /** In source order. */
  readonly bindings: readonly Binding[];
}

export interface Scope {
  readonly kind: ScopeNode["kind"];
  readonly node: ScopeNode;
  /** Null for the module. */
  readonly parent: Scope | null;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Names that `global` and `nonlocal` declare here. */
  readonly globals: ReadonlySet<string>;
  readonly nonlocals: ReadonlySet<string>;
  /** `from x import *` here. */
  readonly starImports: readonly Alias[];
}
