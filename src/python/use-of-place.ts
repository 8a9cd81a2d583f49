// What an expression does to the name or attribute in it, judged by the nodes around alone.

import { containerMethod } from "./container-methods.ts";
import type { SiteAction } from "./facts.ts";
import type { Argument, Attribute, Call, Compare, Display, Expression, Name, Node, Subscript } from "./tree.ts";

export interface PlaceUse {
  readonly action: SiteAction;
  readonly how: string;
  /** The whole expression or statement. */
  readonly node: Node;
  readonly key: Expression | null;
  readonly value: Expression | null;
  /** `x.discard` as a value. */
  readonly asValue?: boolean;
}

const use = (
  action: SiteAction,
  how: string,
  node: Node,
  key: Expression | null = null,
  value: Expression | null = null,
): PlaceUse => ({ action, how, node, key, value });

/** Callees that look at a container and keep no hold of it. */
const READERS =
  /^(?:len|list|dict|set|tuple|frozenset|sorted|reversed|sum|min|max|any|all|iter|enumerate|zip|map|filter|isinstance|str|repr|bool|print|id|type|next|hash|dumps|dump|copy|deepcopy|join|format|debug|info|warning|error|assertEqual|assertIn|assertTrue|assertFalse)$/;

/** Null when the use says nothing about a container. O(1). */
export function useOfPlace(place: Name | Attribute): PlaceUse | null {
  const { parent } = place;
  switch (parent?.kind) {
    case "attribute":
      return useOfMethod(parent);
    case "subscript":
      return parent.object === place ? useOfItem(parent) : use("read", "as key", parent);
    case "aug-assign":
      return parent.target === place ? useOfAugmented(parent.op, parent, parent.value) : use("read", "operand", parent);
    case "assign":
      return parent.value === place ? use("escape", "=", parent) : useOfAssigned(place, parent.value, parent);
    case "delete":
      return use("rebind", "del", parent);
    case "argument":
      return useOfArgument(parent);
    default:
      return useInStatement(place, parent) ?? useInExpression(place, parent);
  }
}

function useInStatement(place: Name | Attribute, parent: Node | null): PlaceUse | null {
  switch (parent?.kind) {
    case "return":
    case "yield":
      return use("escape", parent.kind, parent);
    case "parameter":
      return parent.defaultValue === place ? use("escape", "default", place) : null;
    case "for":
    case "clause":
      return parent.iterable === place ? use("read", "for", place) : null;
    case "if":
    case "while":
      return use("read", parent.kind, place);
    default:
      return null;
  }
}

function useInExpression(place: Name | Attribute, parent: Node | null): PlaceUse | null {
  switch (parent?.kind) {
    case "compare":
      return useOfCompared(place, parent);
    case "display":
      return useOfElement(place, parent);
    case "dict-entry":
      return use("escape", "element", parent);
    case "lambda":
      return parent.body === place ? use("escape", "return", parent) : null;
    case "starred":
    case "operation":
    case "f-string":
    case "conditional":
      return use("read", parent.kind, place);
    default:
      return null;
  }
}

function useOfMethod(attribute: Attribute): PlaceUse | null {
  const method = containerMethod(attribute.name, isQueueGet(attribute));
  if (method === null) return null;
  const { parent } = attribute;
  if (parent?.kind === "call" && parent.callee === attribute) {
    const argument = (at: number): Expression | null => (at < 0 ? null : (parent.arguments[at]?.value ?? null));
    return use(method.action, attribute.name, parent, argument(method.key), argument(method.value));
  }
  if (method.action === "read") return null;
  return { ...use(method.action, attribute.name, attribute), asValue: true };
}

/** `get` of a queue takes no key: `q.get()`, `q.get(timeout=1)`, `iter(q.get, None)`, `to_thread(q.get)`. */
function isQueueGet({ name, parent }: Attribute): boolean {
  if (name !== "get") return false;
  if (parent?.kind === "argument") {
    const call = parent.parent;
    return (
      parent.name === null &&
      call?.kind === "call" &&
      !/^(?:map|filter|sorted|max|min|reduce|sub)$/.test(lastWord(call))
    );
  }
  if (parent?.kind !== "call") return false;
  const [first] = parent.arguments;
  return first === undefined || first.name === "block" || first.name === "timeout" || isSwitch(first.value);
}

/** `q.get(True, 5)` */
function isSwitch(value: Expression): boolean {
  return value.kind === "constant" && value.type === "bool";
}

/** `x[k]` and what is done to it. */
function useOfItem(item: Subscript): PlaceUse | null {
  const { parent } = item;
  const read = use("read", "[]", item, item.index);
  switch (parent?.kind) {
    case "assign":
      return parent.value === item ? read : useOfStored(item, parent.value, parent);
    case "aug-assign":
      return parent.target === item ? use("grow", "[]+=", parent, item.index, parent.value) : read;
    case "delete":
      return use("remove", "del", parent, item.index);
    case "display":
      return useOfListedItem(item, parent) ?? read;
    case "attribute":
      return useInsideItem(item, parent);
    case "subscript":
      return parent.object === item ? useOfNestedItem(item, parent) : read;
    case "for":
      return parent.target === item ? use("grow", "[]=", item, item.index) : read;
    default:
      return read;
  }
}

/** `a, x[k] = ...` and `del a, x[k]`. */
function useOfListedItem(item: Subscript, display: Display): PlaceUse | null {
  const { parent } = display;
  if (parent?.kind === "delete") return use("remove", "del", parent, item.index);
  const isTarget = parent?.kind === "assign" && parent.value !== display;
  return isTarget ? use("grow", "[]=", parent, item.index) : null;
}

/** `x[:] = y` replaces everything, unless `y` is made of `x` and more; other slices may grow. */
function useOfStored(item: Subscript, value: Expression | null, statement: Node): PlaceUse {
  if (item.index.kind !== "slice") return use("grow", "[]=", statement, item.index, value);
  const isWhole = item.index.lower === null && item.index.upper === null;
  // `x[5:] = []` cuts the rest off.
  if (value?.kind === "display" && value.elements.length === 0) return use("remove", "[:]=", statement, null, value);
  const keepsAll = value !== null && partsOf(value).some((part) => isSamePlace(part, item.object));
  return use(isWhole && !keepsAll ? "remove" : "grow", "[:]=", statement, null, value);
}

/** `x[k].append(v)`: elements of elements; the key may be new when the container makes its own values. */
function useInsideItem(item: Subscript, attribute: Attribute): PlaceUse {
  const inner = useOfMethod(attribute);
  if (inner === null || inner.asValue === true || inner.action === "read") return use("read", "[]", item, item.index);
  return { ...inner, how: `[].${inner.how}`, key: item.index };
}

function useOfNestedItem(item: Subscript, outer: Subscript): PlaceUse {
  const { parent } = outer;
  const isStored =
    (parent?.kind === "assign" && parent.value !== outer) || (parent?.kind === "aug-assign" && parent.target === outer);
  // With a constant outside, as in `state["users"][id] = x`, the inner key is the one that varies.
  const isNamed = item.index.kind === "constant";
  if (isStored)
    return use("grow", isNamed ? "[.][]=" : "[][]=", parent, isNamed ? outer.index : item.index, parent.value);
  return parent?.kind === "delete" ? use("remove", "[] del", parent, item.index) : use("read", "[]", item, item.index);
}

function useOfAugmented(op: string, statement: Node, value: Expression): PlaceUse | null {
  if (op === "*" && value.kind === "constant" && value.text === "0") return use("remove", "*=", statement, null, value);
  if (op === "+" || op === "|") return use("grow", `${op}=`, statement, null, value);
  return op === "-" || op === "&" ? use("remove", `${op}=`, statement, null, value) : null;
}

/** `x = x + [v]` and `x = [*x, v]` grow; anything else starts afresh. */
function useOfAssigned(place: Expression, value: Expression | null, statement: Node): PlaceUse | null {
  if (value === null) return null;
  const growth = partsOf(value).some((part) => isSamePlace(part, place));
  return growth ? use("grow", "= +", statement, null, value) : use("rebind", "=", statement, null, value);
}

/** What a value is put together from: operands of `+`, starred elements, `**` entries. */
function partsOf(value: Expression): readonly Expression[] {
  if (value.kind === "operation") return value.operands;
  if (value.kind === "display")
    return value.elements.flatMap((element) => (element.kind === "starred" ? element.value : []));
  return value.kind === "dict" ? value.entries.filter(({ key }) => key === null).map((entry) => entry.value) : [];
}

function isSamePlace(a: Expression, b: Expression): boolean {
  if (a.kind === "name") return b.kind === "name" && a.id === b.id;
  return a.kind === "attribute" && b.kind === "attribute" && a.name === b.name && isSamePlace(a.object, b.object);
}

function useOfArgument(argument: Argument): PlaceUse | null {
  const call = argument.parent;
  if (call?.kind !== "call") return null;
  const callee = lastWord(call);
  if (argument.star !== "" || READERS.test(callee)) return use("read", callee, call);
  return use("escape", callee, call);
}

function lastWord({ callee }: Call): string {
  if (callee.kind === "name") return callee.id;
  return callee.kind === "attribute" ? callee.name : "";
}

function useOfCompared(place: Expression, compare: Compare): PlaceUse {
  const isMembership = compare.op === "in" || compare.op === "not in";
  if (isMembership && compare.right === place) return use("read", "in", compare, compare.left);
  return use("read", "test", compare);
}

/** Also targets of unpacking: `a, self.b = ...`. */
function useOfElement(place: Expression, display: Expression): PlaceUse {
  const { parent } = display;
  if (parent?.kind === "assign" && parent.value !== display) return use("rebind", "=", parent, null, null);
  if (parent?.kind === "delete") return use("rebind", "del", parent);
  if (parent?.kind === "for" && parent.target === display) return use("rebind", "for", place);
  return use("escape", "element", place);
}
