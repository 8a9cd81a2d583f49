// What a name means as far as one file knows: an absolute dotted name. Objects count as their class, so that
// `self.items` and `store.items` (with `store = Store()`) are both `app.sessions.Store.items`.

import { containerTypeOf } from "./container-types.ts";
import type { FileView } from "./file-view.ts";
import { BUILTIN_NAMES } from "./builtin-names.ts";
import type { Meaning } from "./meaning.ts";
import { receiverOf } from "./receiver.ts";
import { absoluteImport, resolveImport } from "./resolve-import.ts";
import type { Binding, Scope, Variable } from "./scope.ts";
import { lookUp } from "./scopes.ts";
import type { Call, Expression, Lambda, Name, Node, Parameter, Subscript } from "./tree.ts";

const MAX_STEPS = 8;

/** The absolute name of an expression; null for values without one. Builtins are plain: `dict`. O(depth of scopes). */
export function absoluteName(file: FileView, expression: Expression): string | null {
  const found = knownMeaning(file, expression);
  return found === null || found.isObject ? null : found.name;
}

/** Like `absoluteName`, and whether a local name stands for it: `items = self.items`. */
export function namedPlace(
  file: FileView,
  expression: Expression,
): { readonly name: string; readonly isAlias: boolean } | null {
  const found = knownMeaning(file, expression);
  return found === null || found.isObject ? null : found;
}

/** The class of an object whose making or annotation is in sight: `flask.Flask`. */
export function classOfObject(file: FileView, expression: Expression): string | null {
  const found = knownMeaning(file, expression);
  return found?.isObject === true ? found.name : null;
}

/** Absolute, or `.name` for a method of an unknown object; null for what is no name at all. */
export function calleeName(file: FileView, callee: Expression): string | null {
  const name = absoluteName(file, callee);
  if (name !== null) return name;
  return callee.kind === "attribute" ? `.${callee.name}` : null;
}

function knownMeaning(file: FileView, expression: Expression): Meaning | null {
  const known = file.meanings.get(expression);
  if (known !== undefined) return known;
  const found = meaningOf(file, expression, 0);
  file.meanings.set(expression, found);
  return found;
}

function meaningOf(file: FileView, expression: Expression, steps: number): Meaning | null {
  if (steps > MAX_STEPS) return null;
  switch (expression.kind) {
    case "name":
      return meaningOfName(file, expression, steps);
    case "attribute": {
      const owner = meaningOf(file, expression.object, steps + 1);
      if (owner === null) return null;
      if (expression.name === "__class__") return { ...owner, isObject: false };
      return { ...owner, name: `${owner.name}.${expression.name}`, isObject: false };
    }
    case "call":
      return meaningOfCall(file, expression, steps);
    case "subscript":
      return meaningOfItem(file, expression, steps);
    case "await":
      return null;
    case "walrus":
      return meaningOf(file, expression.value, steps + 1);
    default:
      return null;
  }
}

/** `sys.modules[__name__]` is the module itself. */
function meaningOfItem(file: FileView, { object, index }: Subscript, steps: number): Meaning | null {
  if (object.kind !== "attribute" || object.name !== "modules") return null;
  if (meaningOf(file, object, steps + 1)?.name !== "sys.modules") return null;
  if (index.kind === "name" && index.id === "__name__") return plain(file.module);
  return index.kind === "constant" && index.type === "str" ? plain(index.text) : null;
}

function meaningOfCall(file: FileView, call: Call, steps: number): Meaning | null {
  const callee = meaningOf(file, call.callee, steps + 1);
  if (callee === null || callee.isObject) return null;
  if (callee.name === "super") return objectOf(classNameAround(file, call));
  if (callee.name === "type") {
    const first = call.arguments[0];
    const owner = first === undefined ? null : meaningOf(file, first.value, steps + 1);
    return owner?.isObject === true ? { ...owner, isObject: false } : null;
  }
  return isClassName(callee.name) ? { name: callee.name, isObject: true, isAlias: false } : null;
}

/** By the naming convention: the last word begins with a capital and is not all capitals. */
function isClassName(name: string): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1).replace(/^_+/, "");
  return /^[A-Z]/.test(last) && (/[a-z]/.test(last) || last.length <= 3);
}

function meaningOfName(file: FileView, name: Name, steps: number): Meaning | null {
  const scope = file.scopes.scopeOf(name);
  const variable = lookUp(scope, name.id);
  if (variable === null) return { name: outsideName(file, name.id), isObject: false, isAlias: false };
  return meaningOfVariable(file, variable, scope, steps);
}

/** A builtin, or something of a star import. */
function outsideName(file: FileView, id: string): string {
  return file.scopes.module.starImports.length > 0 && !BUILTIN_NAMES.has(id) && !id.startsWith("__")
    ? `${file.module}.${id}`
    : id;
}

function meaningOfVariable(file: FileView, variable: Variable, from: Scope, steps: number): Meaning | null {
  const imported = importTarget(file, variable);
  if (imported !== null) return { name: imported, isObject: false, isAlias: false };
  const { scope, name } = variable;
  if (scope.kind === "module") return plain(`${file.module}.${firstOfChain(variable) ?? name}`);
  if (scope.kind === "class") return plain(`${pathOfScope(file, scope)}.${name}`);
  if (scope.kind === "comprehension") return null;
  return meaningOfLocal(file, variable, from, steps);
}

/** `A = B = {}` makes one object: B is another name of A. Null for other variables. */
function firstOfChain({ bindings: [binding, ...others] }: Variable): string | null {
  const assign = binding?.how === "assignment" && others.length === 0 ? binding.node.parent : null;
  const first = assign?.kind === "assign" ? assign.targets[0] : undefined;
  return first?.kind === "name" && first !== binding?.node ? first.id : null;
}

function plain(name: string): Meaning {
  return { name, isObject: false, isAlias: false };
}

function objectOf(name: string | null): Meaning | null {
  return name === null ? null : { name, isObject: true, isAlias: false };
}

function meaningOfLocal(file: FileView, variable: Variable, from: Scope, steps: number): Meaning | null {
  const [binding] = variable.bindings;
  if (binding === undefined) return null;
  if (binding.how === "parameter") return meaningOfParameter(file, variable, binding, steps);
  const path = `${pathOfScope(file, variable.scope)}.<locals>.${variable.name}`;
  if (binding.how === "function" || binding.how === "class") return plain(path);
  const value = variable.bindings.length === 1 ? assignedValue(binding) : null;
  const made = value === null ? null : meaningOf(file, value, steps + 1);
  if (made !== null && !(made.isObject && containerTypeOf(made.name) !== null))
    return { ...made, isAlias: !made.isObject };
  if (from === variable.scope || functionScope(from) === variable.scope)
    return isPlainTarget(binding) ? plain(path) : null;
  return plain(path);
}

/** Comprehensions run in their function, or as good as. */
function functionScope(scope: Scope): Scope {
  let at = scope;
  while (at.kind === "comprehension" && at.parent !== null) at = at.parent;
  return at;
}

function isPlainTarget({ how, node }: Binding): boolean {
  return how === "assignment" && node.parent?.kind === "assign";
}

function meaningOfParameter(file: FileView, variable: Variable, { node }: Binding, steps: number): Meaning | null {
  if (node.kind !== "parameter" || variable.bindings.length > 1) return null;
  const owner = classOfMethod(variable.scope);
  const around = node.parent;
  if (owner?.node.kind === "class" && around?.kind === "function" && around.parameters[0] === node) {
    const receiver = receiverOf(around, owner.node);
    if (receiver !== null) return { name: pathOfScope(file, owner), isObject: receiver === "instance", isAlias: false };
  }
  if (isContainerDisplay(node.defaultValue))
    return plain(`${pathOfScope(file, variable.scope)}.<defaults>.${variable.name}`);
  return annotatedObject(file, node, steps);
}

function annotatedObject(file: FileView, { annotation }: Parameter, steps: number): Meaning | null {
  const named = annotation === null ? null : namedType(annotation);
  if (named === null) return null;
  const type = meaningOf(file, named, steps + 1);
  return type !== null && isClassName(type.name) ? { ...type, isObject: true } : null;
}

/** `Store` of `Store`, `"Store"` left out, `Annotated[Store, Depends(...)]` and `Optional[Store]`. */
function namedType(annotation: Expression): Expression | null {
  if (annotation.kind === "name" || annotation.kind === "attribute") return annotation;
  if (annotation.kind !== "subscript") return null;
  const { object, index } = annotation;
  const outer = object.kind === "name" ? object.id : object.kind === "attribute" ? object.name : "";
  if (outer !== "Annotated" && outer !== "Optional") return null;
  const first = index.kind === "display" ? index.elements[0] : index;
  return first?.kind === "name" || first?.kind === "attribute" ? first : null;
}

function isContainerDisplay(value: Expression | null): boolean {
  if (value === null) return false;
  if (value.kind === "call")
    return value.callee.kind === "name" && /^(?:dict|list|set|defaultdict|deque)$/.test(value.callee.id);
  return value.kind === "dict" || (value.kind === "display" && value.type !== "tuple");
}

/** The class scope of a method's scope. */
function classOfMethod(scope: Scope): Scope | null {
  return scope.kind === "function" && scope.parent?.kind === "class" ? scope.parent : null;
}

/** Absolute name of the class around a node's function. */
function classNameAround(file: FileView, node: Node): string | null {
  for (let scope: Scope | null = file.scopes.scopeOf(node); scope !== null; scope = scope.parent)
    if (scope.kind === "class") return pathOfScope(file, scope);
  return null;
}

/** Absolute name of what a scope belongs to: `app.sessions.Store.get`. */
export function pathOfScope(file: FileView, scope: Scope): string {
  const path = qualnameOf(scope);
  return path === "" ? file.module : `${file.module}.${path}`;
}

/** Names of sources that nest deeper are cut at the front: nobody wrote them by hand, and all together they have no end. */
const MOST_PARTS = 64;

/** As `__qualname__` has it; "" for the module. */
export function qualnameOf(scope: Scope): string {
  const parts: string[] = [];
  for (let at: Scope | null = scope; at !== null && parts.length < MOST_PARTS; at = at.parent) {
    const { node } = at;
    if (node.kind === "class") parts.push(node.name);
    else if (node.kind === "function" || node.kind === "lambda") {
      if (parts.length > 0) parts.push("<locals>");
      parts.push(node.kind === "function" ? node.name : lambdaName(node));
    }
  }
  return parts.reverse().join(".");
}

/** Lambdas have no names of their own; their place tells them apart. */
function lambdaName(node: Lambda): string {
  return `<lambda@${node.start}>`;
}

/** Target of the import that binds a variable; null if none does. */
function importTarget(file: FileView, { bindings }: Variable): string | null {
  for (const { how, node } of bindings) {
    if (how !== "import" || node.kind !== "alias") continue;
    const { parent } = node;
    if (parent?.kind === "import")
      return absoluteImport(file, node.asName === null ? (node.name.split(".")[0] ?? node.name) : node.name);
    if (parent?.kind !== "import-from") continue;
    const module = resolveImport(file, parent.level, parent.module);
    return module === null ? null : `${module}.${node.name}`;
  }
  return null;
}

/** The value of a plain `name = value` (or walrus); null for anything else that binds. */
export function assignedValue({ how, node }: Binding): Expression | null {
  if (how === "walrus") {
    const walrus = node.kind === "walrus" ? node : node.parent;
    return walrus?.kind === "walrus" ? walrus.value : null;
  }
  if (how !== "assignment") return null;
  const assign = node.parent;
  return assign?.kind === "assign" && assign.targets.includes(node as Expression) ? assign.value : null;
}
