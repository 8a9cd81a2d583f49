// Where the value of an expression comes from, inside its function.

import type { FileView } from "./file-view.ts";
import { takesMessages } from "./endless-loops.ts";
import { FRESH_CALLS, FINITE_CALLS, TEXT_METHODS } from "./known-calls.ts";
import { BUILTIN_NAMES } from "./builtin-names.ts";
import { absoluteName, assignedValue, calleeName } from "./names-in-file.ts";
import { UNKNOWN, type Origin } from "./origin.ts";
import type { Binding, Variable } from "./scope.ts";
import { lookUp } from "./scopes.ts";
import type { Attribute, Call, Expression, Name, Operation, Subscript } from "./tree.ts";

const MAX_DEPTH = 5;
const MAX_BINDINGS = 3;
const MAX_PARTS = 6;

/** The origin of an expression. O(1): depth and number of parts are bounded. */
export function originOf(file: FileView, expression: Expression): Origin {
  return origin(file, expression, 0);
}

/** The kind of an origin, with only the nearest assignment followed: for the arguments of every call. */
export function originKind(file: FileView, expression: Expression): Origin["from"] {
  return origin(file, expression, MAX_DEPTH - 1).from;
}

function origin(file: FileView, expression: Expression, depth: number): Origin {
  if (depth > MAX_DEPTH) return UNKNOWN;
  switch (expression.kind) {
    case "name":
      return originOfName(file, expression, depth);
    case "attribute":
      return originOfAttribute(file, expression, depth);
    case "call":
      return originOfCall(file, expression, depth);
    case "subscript":
      return originOfItem(file, expression, depth);
    case "await":
    case "walrus":
    case "starred":
      return origin(file, expression.value, depth);
    case "operation":
      return originOfOperation(file, expression, depth);
    case "conditional":
      return parts(file, "choice", [expression.body, expression.otherwise], depth);
    case "f-string":
      return parts(file, "text", expression.expressions, depth);
    default:
      return originOfDisplay(file, expression, depth);
  }
}

function originOfItem(file: FileView, { object, index }: Subscript, depth: number): Origin {
  const of = origin(file, object, depth + 1);
  return index.kind === "constant" && index.type === "str"
    ? { from: "item", of, name: index.text }
    : { from: "item", of };
}

/** What is written out where it stands. */
function originOfDisplay(file: FileView, expression: Expression, depth: number): Origin {
  switch (expression.kind) {
    case "constant":
      return expression.type === "bool" || expression.type === "none"
        ? { from: "finite", what: "bool", name: expression.text }
        : { from: "literal", text: expression.text.slice(0, 40) };
    case "display":
      return expression.type === "tuple"
        ? parts(file, "tuple", expression.elements, depth)
        : { from: "made", what: expression.type };
    case "dict":
    case "lambda":
      return { from: "made", what: expression.kind };
    case "comprehension":
      return { from: "made", what: expression.type };
    case "compare":
      return { from: "finite", what: "bool" };
    default:
      return UNKNOWN;
  }
}

function parts(
  file: FileView,
  how: "text" | "tuple" | "choice" | "arithmetic",
  expressions: readonly Expression[],
  depth: number,
): Origin {
  const found = expressions.slice(0, MAX_PARTS).map((part) => origin(file, part, depth + 1));
  if (found.every(({ from }) => from === "literal")) return { from: "literal", text: "" };
  return { from: "parts", how, parts: found };
}

function originOfOperation(file: FileView, { op, operands }: Operation, depth: number): Origin {
  if (op === "not") return { from: "finite", what: "bool" };
  if (op === "and" || op === "or") return parts(file, "choice", operands, depth);
  const isText = operands.some(
    (operand) => operand.kind === "f-string" || (operand.kind === "constant" && operand.type === "str"),
  );
  if (!isText && isRemainder(op, operands)) return { from: "finite", what: "remainder" };
  return parts(file, isText ? "text" : "arithmetic", operands, depth);
}

/** More than this is no longer few. */
const LARGEST_REMAINDER = 65_536;

/** `hash(key) % 16`, `flags & 0xff`: no more values than the number says. */
function isRemainder(op: string, operands: readonly Expression[]): boolean {
  const isSmall = (each: Expression | undefined): boolean =>
    each?.kind === "constant" && each.type === "int" && Number(each.text.replaceAll("_", "")) <= LARGEST_REMAINDER;
  return op === "%" ? isSmall(operands.at(-1)) : op === "&" && operands.some(isSmall);
}

function originOfName(file: FileView, name: Name, depth: number): Origin {
  if (name.id === "__name__" || name.id === "__file__") return { from: "finite", what: "name", name: name.id };
  const variable = lookUp(file.scopes.scopeOf(name), name.id);
  if (variable === null)
    return BUILTIN_NAMES.has(name.id)
      ? { from: "finite", what: "function", name: name.id }
      : { from: "global", name: absoluteName(file, name) ?? name.id };
  return originOfVariable(file, variable, depth);
}

function originOfVariable(file: FileView, variable: Variable, depth: number): Origin {
  const [first] = variable.bindings;
  if (first === undefined) return UNKNOWN;
  const { kind } = variable.scope;
  if (first.how === "function" || first.how === "class")
    return { from: "finite", what: first.how, name: variable.name };
  if (first.how === "import") return originOfImport(file, first);
  if (kind === "module" || kind === "class") return originOfGlobal(file, variable);
  const bindings = variable.bindings.filter(({ how }) => how !== "annotation" && how !== "delete");
  if (bindings.length > MAX_BINDINGS) return UNKNOWN;
  const origins = bindings.map((binding) => originOfBinding(file, variable, binding, depth));
  return origins.length === 1 ? (origins[0] ?? UNKNOWN) : { from: "parts", how: "choice", parts: origins };
}

function originOfGlobal(file: FileView, { name, scope, bindings }: Variable): Origin {
  const value = bindings[0] === undefined || bindings.length > 1 ? null : assignedValue(bindings[0]);
  if (value?.kind === "constant") return origin(file, value, MAX_DEPTH);
  const node = bindings[0]?.node;
  const owner = scope.kind === "class" && scope.node.kind === "class" ? `${scope.node.name}.` : "";
  return { from: "global", name: (node?.kind === "name" ? absoluteName(file, node) : null) ?? owner + name };
}

function originOfImport(file: FileView, { node }: Binding): Origin {
  if (node.kind !== "alias") return UNKNOWN;
  if (node.parent?.kind === "import") return { from: "finite", what: "module", name: node.name };
  // A name at the place of the import sees what the import binds.
  const asked: Name = { kind: "name", id: node.asName ?? node.name, start: node.start, end: node.end, parent: node };
  return { from: "global", name: absoluteName(file, asked) ?? node.name };
}

function originOfBinding(file: FileView, variable: Variable, binding: Binding, depth: number): Origin {
  const { how, node } = binding;
  if (how === "parameter") return { from: "parameter", name: variable.name };
  if (how === "except") return { from: "exception" };
  if (how === "import") return originOfImport(file, binding);
  if (how === "augmented") return { from: "parts", how: "arithmetic", parts: [UNKNOWN] };
  const value = assignedValue(binding);
  if (value !== null) return origin(file, value, depth + 1);
  return originOfTarget(file, node, depth);
}

/** A name in the target of a loop, a `with`, or an unpacking. */
function originOfTarget(file: FileView, node: Binding["node"], depth: number): Origin {
  for (let child = node, at = node.parent; at !== null; child = at, at = at.parent) {
    if (at.kind === "for" && takesMessages(at)) return { from: "input", by: "next" };
    if (at.kind === "for" || at.kind === "clause") return { from: "each", of: origin(file, at.iterable, depth + 1) };
    if (at.kind === "with-item") return origin(file, at.context, depth + 1);
    if (at.kind === "assign") return originOfUnpacked(file, at.value, at.targets, child, node, depth);
    if (at.kind !== "display" && at.kind !== "starred") return UNKNOWN;
  }
  return UNKNOWN;
}

function originOfUnpacked(
  file: FileView,
  value: Expression | null,
  targets: readonly Expression[],
  child: Binding["node"],
  node: Binding["node"],
  depth: number,
): Origin {
  if (value === null) return UNKNOWN;
  const target = targets.find((candidate) => candidate === child);
  if (target?.kind === "display" && value.kind === "display" && target.elements.length === value.elements.length) {
    const element = value.elements[target.elements.indexOf(node as Expression)];
    if (element !== undefined) return origin(file, element, depth + 1);
  }
  return { from: "item", of: origin(file, value, depth + 1) };
}

const NAME_ATTRIBUTES: ReadonlySet<string> = new Set(["__name__", "__qualname__", "__module__", "__file__", "__doc__"]);

function originOfAttribute(file: FileView, { object, name }: Attribute, depth: number): Origin {
  if (name === "__class__") return { from: "finite", what: "type" };
  if (NAME_ATTRIBUTES.has(name)) return { from: "finite", what: "name", name };
  const of = origin(file, object, depth + 1);
  if (of.from === "finite" && of.name !== undefined && (of.what === "module" || of.what === "class"))
    return { from: "global", name: `${of.what === "class" ? `${file.module}.` : ""}${of.name}.${name}` };
  return of.from === "global" ? { from: "global", name: `${of.name}.${name}` } : { from: "attribute", of, name };
}

/** Callees that make something else of their argument: as open as the argument. */
const CONVERSIONS: ReadonlyMap<string, "text" | "arithmetic" | "tuple"> = new Map([
  ["str", "text"],
  ["format", "text"],
  ["int", "arithmetic"],
  ["float", "arithmetic"],
  ["round", "arithmetic"],
  ["tuple", "tuple"],
  ["frozenset", "tuple"],
  ["sorted", "tuple"],
] as const);

function originOfCall(file: FileView, call: Call, depth: number): Origin {
  const callee = calleeName(file, call.callee);
  if (callee === null) return UNKNOWN;
  const first = call.arguments[0]?.value;
  const argument = (): Origin => (first === undefined ? UNKNOWN : origin(file, first, depth + 1));
  const known = freshOrFinite(callee, call, argument);
  if (known !== null) return known;
  const how = CONVERSIONS.get(callee);
  if (how !== undefined) return { from: "parts", how, parts: [argument()] };
  const ofMethod = originOfMethod(file, call, callee, depth);
  if (ofMethod !== null) return ofMethod;
  return first === undefined ? { from: "call", callee } : { from: "call", callee, of: argument() };
}

function freshOrFinite(callee: string, call: Call, argument: () => Origin): Origin | null {
  const fresh = FRESH_CALLS.get(callee);
  if (fresh === "id" || fresh === "repr") return { from: "fresh", what: fresh, of: argument() };
  if (fresh !== undefined) return { from: "fresh", what: fresh };
  const finite = FINITE_CALLS.get(callee);
  // With three arguments `type` makes a class.
  if (finite === undefined || (callee === "type" && call.arguments.length !== 1)) return null;
  return { from: "finite", what: finite };
}

/** What a method makes of its object: a text of a text, otherwise something of the object. */
function originOfMethod(file: FileView, call: Call, callee: string, depth: number): Origin | null {
  if (call.callee.kind !== "attribute") return null;
  const { object, name } = call.callee;
  if (isTakenIn(call)) return { from: "input", by: name };
  const isImported = !callee.startsWith(".") && origin(file, object, depth + 1).from === "finite";
  if (isImported) return null;
  if (name === "format" || name === "join")
    return parts(file, "text", [object, ...call.arguments.map(({ value }) => value)], depth);
  if (TEXT_METHODS.has(name)) return parts(file, "text", [object], depth);
  // `report.get("id")` is `report["id"]`.
  const key = call.arguments[0]?.value;
  if (name === "get" && key?.kind === "constant" && key.type === "str" && /^[\w.-]+$/.test(key.text))
    return { from: "item", of: origin(file, object, depth + 1), name: key.text };
  return { from: "call", callee, of: origin(file, object, depth + 1) };
}

/** Methods that give what came in since the last call. */
const TAKING_IN =
  /^(?:recv|recvfrom|recv_\w+|receive|receive_\w+|readline|readexactly|readuntil|accept|getmessage|get_message|next_message|fetch_message|get_nowait|popleft|brpop|blpop)$/;

/** Names of objects whose `get` waits, where it is not awaited. */
const QUEUE_WORD = /(?:queue|frontier|jobs?|work|tasks|inbox|mailbox|incoming|channel|source|_q|^q)$/i;

/** `queue.get()`, `sock.recv(4096)`: what nobody in the program has made. A mapping's `get` takes a key. */
function isTakenIn({ callee, arguments: given, parent }: Call): boolean {
  if (callee.kind !== "attribute") return false;
  const { name, object } = callee;
  if (name !== "get") return TAKING_IN.test(name);
  if (given.some((each) => each.name !== "timeout" && each.name !== "block")) return false;
  const word = object.kind === "attribute" ? object.name : object.kind === "name" ? object.id : "";
  return parent?.kind === "await" || given.length > 0 || QUEUE_WORD.test(word);
}

/** The values that plain assignments give a variable, in source order. */
export function assignedValues(variable: Variable): readonly Expression[] {
  return variable.bindings.flatMap((binding) => assignedValue(binding) ?? []);
}
