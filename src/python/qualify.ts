// What an expression names, in full: `np.load` is "numpy.load" after `import numpy as np`.

import { BUILTIN_NAMES } from "./builtin-names.ts";
import { resolveImport } from "./resolve-import.ts";
import type { Scope, Variable } from "./scope.ts";
import { lookUp, type ScopeTree } from "./scopes.ts";
import type { Alias, ClassDef, Expression, FunctionDef } from "./tree.ts";

/** What `qualify` needs of a file. */
export interface NamingContext {
  readonly module: string;
  readonly isPackage: boolean;
  readonly scopes: ScopeTree;
}

export interface QualifiedName {
  /** "functools.lru_cache", "app.sessions.Store.entries", "builtins.dict" */
  readonly name: string;
  /**
   * import: through an import. here: defined in this module. instance: an attribute of `self`, named under its class; each
   * instance has one of its own. class: an attribute of `cls`. builtin: unless a star import hides it.
   */
  readonly origin: "import" | "here" | "instance" | "class" | "builtin";
}

/** Followed through local names that stand for others: `cache = functools.lru_cache`. More are rare and may be loops. */
const MOST_ALIASES = 1;

/** The full name of a name or a chain of attributes; null for everything else and for what cannot be known. O(depth). */
export function qualify(file: NamingContext, expression: Expression): QualifiedName | null {
  return qualifyThrough(file, expression, MOST_ALIASES);
}

function qualifyThrough(file: NamingContext, expression: Expression, aliases: number): QualifiedName | null {
  const attributes: string[] = [];
  let root = expression;
  while (root.kind === "attribute") {
    attributes.push(root.name);
    root = root.object;
  }
  if (root.kind !== "name") return null;
  const base = qualifyName(file, root.id, file.scopes.scopeOf(root), aliases);
  if (base === null || attributes.length === 0) return base === null || isSelf(base) ? null : base;
  return { name: `${base.name}.${attributes.toReversed().join(".")}`, origin: base.origin };
}

/** `self` alone names no attribute. */
function isSelf({ origin }: QualifiedName): boolean {
  return origin === "instance" || origin === "class";
}

function qualifyName(file: NamingContext, name: string, scope: Scope, aliases: number): QualifiedName | null {
  const variable = lookUp(scope, name);
  if (variable !== null) return qualifyVariable(file, variable, aliases);
  return BUILTIN_NAMES.has(name) ? { name: `builtins.${name}`, origin: "builtin" } : null;
}

function qualifyVariable(file: NamingContext, variable: Variable, aliases: number): QualifiedName | null {
  // Of `try: from a import x` and `except ImportError: x = None` the import says more.
  const imported = variable.bindings.find(({ how }) => how === "import");
  if (imported?.node.kind === "alias") return qualifyAlias(file, imported.node);
  const [only] = variable.bindings;
  if (only?.how === "parameter") return qualifyReceiver(file, variable);
  const alias = variable.bindings.length === 1 && aliases > 0 ? aliasedBy(variable) : null;
  const target = alias === null ? null : qualifyThrough(file, alias, aliases - 1);
  if (target !== null && target.origin !== "builtin") return target;
  return qualifyDefinition(file, variable) ?? target;
}

function qualifyAlias(file: NamingContext, alias: Alias): QualifiedName | null {
  const { parent } = alias;
  if (parent?.kind !== "import-from") {
    const [first = ""] = alias.name.split(".", 1);
    return { name: alias.asName === null ? first : alias.name, origin: "import" };
  }
  const module = resolveImport(file, parent.level, parent.module);
  return module === null ? null : { name: `${module}.${alias.name}`, origin: "import" };
}

/** The value of `name = other.thing`, whole statement; null when it is anything but a name or attributes. */
function aliasedBy(variable: Variable): Expression | null {
  const target = variable.bindings[0]?.node;
  const statement = target?.parent;
  if (target === undefined || statement?.kind !== "assign" || statement.value === null) return null;
  const { value } = statement;
  return value.kind === "name" || value.kind === "attribute" ? value : null;
}

/** Local variables have no name that others could use; functions and classes do. */
function qualifyDefinition(file: NamingContext, variable: Variable): QualifiedName | null {
  const { scope } = variable;
  const isDefined = variable.bindings.some(({ how }) => how === "function" || how === "class");
  if (scope.kind !== "module" && scope.kind !== "class" && !isDefined) return null;
  return { name: `${qualifiedScope(file.module, scope)}.${variable.name}`, origin: "here" };
}

/** "app.sessions.Store.get.<locals>": what stands before names bound in `scope`, as in `__qualname__`. O(depth). */
export function qualifiedScope(module: string, scope: Scope): string {
  const { node, parent } = scope;
  if (node.kind === "module" || parent === null) return module;
  const outer = qualifiedScope(module, parent);
  switch (node.kind) {
    case "class":
      return `${outer}.${node.name}`;
    case "function":
      return `${outer}.${node.name}.<locals>`;
    case "lambda":
      return `${outer}.<lambda>.<locals>`;
    case "comprehension":
      return outer;
  }
}

/** `self` or `cls` of a method stands for its class. */
function qualifyReceiver(file: NamingContext, parameter: Variable): QualifiedName | null {
  const { node, parent } = parameter.scope;
  if (node.kind !== "function" || parent?.node.kind !== "class") return null;
  if (node.parameters[0]?.name !== parameter.name || node.parameters[0].star !== "") return null;
  const receiver = receiverOf(node, parent.node);
  return receiver === null ? null : { name: qualifiedScope(file.module, parent), origin: receiver };
}

const CLASS_METHODS: ReadonlySet<string> = new Set(["__new__", "__init_subclass__", "__class_getitem__"]);

/** What a method's first parameter is; null for static methods. */
export function receiverOf(method: FunctionDef, owner: ClassDef): "instance" | "class" | null {
  const decorators = new Set(method.decorators.map((one) => (one.kind === "name" ? one.id : "")));
  if (decorators.has("staticmethod")) return null;
  if (decorators.has("classmethod") || CLASS_METHODS.has(method.name)) return "class";
  // Methods of a metaclass are given classes.
  const isMetaclass = owner.arguments.some(
    ({ name, value }) => name === null && value.kind === "name" && value.id === "type",
  );
  return isMetaclass ? "class" : "instance";
}
