// Page: docs/rules/DW307-weak-key-value-cycle.md

import type { FileView } from "../python/file-view.ts";
import { absoluteName, assignedValue, calleeName, namedPlace } from "../python/names-in-file.ts";
import { lookUp } from "../python/scopes.ts";
import type { Project } from "../python/project.ts";
import type { Expression, Name, Node } from "../python/tree.ts";
import { walk } from "../python/walk.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** An entry of a mapping whose value refers, or may refer, to its key. */
interface EntryWithKeyInside {
  readonly site: CodeSite;
  /** Absolute name of the mapping, whatever it is. */
  readonly mapping: string;
  readonly key: string;
  readonly value: string;
  /** False: the key is handed to a call that may or may not keep it. */
  readonly isSure: boolean;
}

export const weakKeyValueCycle: Rule = defineRule<EntryWithKeyInside>({
  code: "DW307",
  name: "weak-key-value-cycle",
  cause: "L10",
  summary: "An entry of a WeakKeyDictionary whose value refers to its key is never removed.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    subscript: (node, file, found) => {
      const { parent } = node;
      if (parent?.kind !== "assign" || parent.value === null || !parent.targets.includes(node)) return;
      const entry = entryOf(file, node.object, node.index, parent.value, parent);
      if (entry !== null) found(entry);
    },
    call: (node, file, found) => {
      if (node.callee.kind !== "attribute" || node.callee.name !== "setdefault") return;
      const [key, value] = node.arguments;
      if (key === undefined || value === undefined) return;
      const entry = entryOf(file, node.callee.object, key.value, value.value, node);
      if (entry !== null) found(entry);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function entryOf(
  file: FileView,
  mapping: Expression,
  key: Expression,
  value: Expression,
  node: Node,
): EntryWithKeyInside | null {
  if (key.kind !== "name" || file.isTest) return null;
  const made = madeValue(file, value);
  const holding = holdsKey(file, made, key);
  const name = holding === null ? null : namedPlace(file, mapping)?.name;
  if (holding === null || name === null || name === undefined) return null;
  return {
    site: siteOf(file, node),
    mapping: name,
    key: key.id,
    value: file.text.slice(made.start, Math.min(made.end, made.start + 60)),
    isSure: holding === "sure",
  };
}

/** `entry = Entry(key)` one line before. */
function madeValue(file: FileView, value: Expression): Expression {
  if (value.kind !== "name") return value;
  const variable = lookUp(file.scopes.scopeOf(value), value.id);
  const [binding] = variable?.bindings ?? [];
  if (variable === null || binding === undefined || variable.bindings.length > 1) return value;
  return assignedValue(binding) ?? value;
}

function holdsKey(file: FileView, value: Expression, key: Name): "sure" | "perhaps" | null {
  const isKey = (each: Expression): boolean => each.kind === "name" && each.id === key.id;
  switch (value.kind) {
    case "name":
      return isKey(value) || closesOver(file, value, key) ? "sure" : null;
    case "attribute":
      return isKey(value.object) && isMethod(file, value) ? "sure" : null;
    case "display":
      return value.elements.some(isKey) ? "sure" : null;
    case "dict":
      return value.entries.some((entry) => isKey(entry.value)) ? "sure" : null;
    case "lambda":
      return mentions(file, value.body, key) ? "sure" : null;
    case "call":
      return holdsInCall(file, value, isKey);
    default:
      return null;
  }
}

function holdsInCall(
  file: FileView,
  call: Extract<Expression, { readonly kind: "call" }>,
  isKey: (each: Expression) => boolean,
): "sure" | "perhaps" | null {
  const isGiven = call.arguments.some(
    ({ value }) => isKey(value) || (value.kind === "attribute" && isKey(value.object)),
  );
  if (!isGiven) return null;
  const callee = calleeName(file, call.callee) ?? "";
  if (callee === "functools.partial") return "sure";
  // Only objects keep what they are made from; results of functions mostly do not.
  const last = callee.slice(callee.lastIndexOf(".") + 1);
  const isWeak = callee.startsWith("weakref.");
  const isDirect = call.arguments.some(({ value }) => isKey(value));
  return !isWeak && isDirect && /^_*[A-Z]/.test(last) ? "perhaps" : null;
}

/** A bound method of the key, as far as the file knows its class. */
function isMethod(file: FileView, value: Expression): boolean {
  if (value.kind !== "attribute" || value.object.kind !== "name" || value.object.id !== "self") return false;
  for (let scope = file.scopes.scopeOf(value).parent; scope !== null; scope = scope.parent)
    if (scope.kind === "class")
      return scope.variables.get(value.name)?.bindings.some(({ how }) => how === "function") ?? false;
  return absoluteName(file, value) === null;
}

/** An inner function that names the key. */
function closesOver(file: FileView, value: Name, key: Name): boolean {
  const [binding] = lookUp(file.scopes.scopeOf(value), value.id)?.bindings ?? [];
  return binding?.how === "function" && binding.from.kind === "function" && mentions(file, binding.node, key);
}

/** A parameter of the same name is another variable. */
function mentions(file: FileView, around: Node, key: Name): boolean {
  const variable = lookUp(file.scopes.scopeOf(key), key.id);
  let found = false;
  walk(around, (node) => {
    if (found || node.kind !== "name" || node.id !== key.id) return;
    found = lookUp(file.scopes.scopeOf(node), node.id) === variable;
  });
  return found;
}

function draftOf(entry: EntryWithKeyInside, project: Project): readonly FindingDraft[] {
  const mapping = project.containerOf(entry.mapping);
  if (mapping?.fact.type !== "weakref.WeakKeyDictionary") return [];
  const { site, key, value, isSure } = entry;
  return [
    {
      at: site.at,
      message: `The value \`${value}\` ${isSure ? "refers" : "may refer"} to its key \`${key}\`, and \`${mapping.name}\` holds values strongly: the key is never freed, and the entry never removed.`,
      holder: mapping.name,
      confidence: isSure ? "likely" : "possible",
      bound: `one entry for every ${key}`,
      related: [],
      fix: {
        text: `Store the value as an attribute of \`${key}\`: a cycle that the garbage collector can free. Or let the value refer to it weakly.`,
        safety: "none",
        edits: [],
      },
    },
  ];
}
