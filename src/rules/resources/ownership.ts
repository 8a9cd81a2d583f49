// Whether somebody closes what a call opens, as far as its function and class tell.

import type { FileView } from "../../python/file-view.ts";
import { calleeName } from "../../python/names-in-file.ts";
import { remembered } from "../../python/remembered.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Call, ClassDef, Expression } from "../../python/tree.ts";
import { enclosingClass, walk } from "../../python/walk.ts";
import { fatesOf, fatesOfVariable, type Fate, type StoredPlace } from "../value-fates/fate.ts";

export type Ownership =
  /** Closed, or somebody else's from here on. */
  | { readonly how: "owned" }
  /** Nothing else ever happens to the result. */
  | { readonly how: "dropped" }
  /** Used in the function and left. */
  | { readonly how: "left" }
  /** Stored where nobody in sight closes it. */
  | { readonly how: "stored"; readonly place: StoredPlace };

/** What becomes of the result of a call that opens something. O(nodes of its function and class), once for each variable. */
export function ownershipOf(file: FileView, call: Call): Ownership {
  const fates = isPair(call) ? fatesOfDescriptor(file, call) : fatesOf(file, call);
  const ownership = remembered(file, ownershipAfter, fates);
  return ownership.how === "stored" ? ownershipOfStored(file, call, ownership.place) : ownership;
}

function ownershipAfter(fates: readonly Fate[]): Ownership {
  if (fates.some((fate) => closesOrPasses(fate))) return { how: "owned" };
  const stored = fates.find((fate) => fate.how === "stored");
  if (stored?.how === "stored") return { how: "stored", place: stored.place };
  return { how: fates.every(({ how }) => how === "dropped") ? "dropped" : "left" };
}

/** `mkstemp()` gives a descriptor and a path. */
function isPair({ callee }: Call): boolean {
  return callee.kind === "attribute" ? callee.name === "mkstemp" : callee.kind === "name" && callee.id === "mkstemp";
}

/** What becomes of the first of the pair: nothing if only the path is taken. */
function fatesOfDescriptor(file: FileView, call: Call): readonly Fate[] {
  const { parent } = call;
  if (parent?.kind === "subscript" && parent.object === call) {
    const isPath = parent.index.kind === "constant" && parent.index.text === "1";
    return isPath ? [] : fatesOf(file, parent);
  }
  const target = parent?.kind === "assign" ? parent.targets[0] : undefined;
  const descriptor = target?.kind === "display" ? target.elements[0] : undefined;
  if (descriptor?.kind !== "name") return fatesOf(file, call);
  const variable = lookUp(file.scopes.scopeOf(descriptor), descriptor.id);
  return variable?.scope.kind === "function" ? fatesOfVariable(file, variable) : fatesOf(file, call);
}

const CLOSERS =
  /^(?:close|aclose|close_\w+|_close|shutdown|terminate|kill|disconnect|dispose|stop|quit|exit|release|detach|join|__exit__|__aexit__|cleanup|unlink|makefile|wait|communicate|abort)$/;

/** Callees that read or write what they are given and leave it open. */
const READERS =
  /^(?:(?:json|pickle|marshal|tomllib|tomli|toml|plistlib|yaml)\.\w+|csv\.\w+|list|len|str|repr|print|sum|min|max|tuple|set|sorted|enumerate|zip|map|filter|iter|next|any|all|isinstance|id|type|numpy\.load|pandas\.read_\w+|\.read_\w+)$/;

function closesOrPasses(fate: Fate): boolean {
  switch (fate.how) {
    case "entered":
    case "returned":
    case "yielded":
    case "raised":
    case "captured":
      return true;
    case "method":
      return CLOSERS.test(fate.name);
    case "attribute":
      // `stack.callback(f.close)`.
      return CLOSERS.test(fate.name);
    case "given":
      return !READERS.test(fate.callee);
    case "stored":
      return fate.place.holder === "object" || fate.place.holder === "local";
    case "deleted":
    case "dropped":
    case "read":
      return false;
  }
}

function ownershipOfStored(file: FileView, call: Call, place: StoredPlace): Ownership {
  // A global lives as long as the process, and so may what it names; one more in a container is something else.
  if (place.holder !== "instance") return place.isElement ? { how: "stored", place } : { how: "owned" };
  const around = enclosingClass(call);
  if (around === null || isClosedIn(file, around, place)) return { how: "owned" };
  return { how: "stored", place };
}

/** Whether the class has a way to close, or hands the attribute to somebody who may. */
function isClosedIn(file: FileView, around: ClassDef, place: StoredPlace): boolean {
  const { closes, handedOn } = remembered(file, waysOutOf, around);
  return closes || handedOn.has(place.name.slice(place.name.lastIndexOf(".") + 1));
}

/** A base class, or a method by whose name it closes; and the attributes that are handed to others. */
function waysOutOf(around: ClassDef, file: FileView): { closes: boolean; handedOn: ReadonlySet<string> } {
  const handedOn = new Set<string>();
  let closes = around.arguments.length > 0 && !around.arguments.every((each) => isObject(each.value));
  walk(around, (node) => {
    if (node.kind === "function") closes ||= CLOSERS.test(node.name) || node.name === "__del__";
    else if (node.kind === "attribute" && isHandedOn(file, node)) handedOn.add(node.name);
  });
  return { closes, handedOn };
}

function isObject(base: Expression): boolean {
  return base.kind === "name" && base.id === "object";
}

function isHandedOn(file: FileView, use: Expression): boolean {
  const { parent } = use;
  switch (parent?.kind) {
    case "argument":
      return parent.parent?.kind === "call" && !READERS.test(calleeName(file, parent.parent.callee) ?? "");
    case "attribute":
      return CLOSERS.test(parent.name);
    case "return":
    case "yield":
    case "with-item":
    case "for":
      return true;
    case "assign":
      return parent.value === use;
    default:
      return false;
  }
}
