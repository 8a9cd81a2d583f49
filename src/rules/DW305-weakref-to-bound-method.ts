// Page: docs/rules/DW305-weakref-to-bound-method.md

import type { FindingFix, SourceRange, TextEdit } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Attribute, Call, Expression } from "../python/tree.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A weak reference to something made in the argument itself. */
interface DyingReference {
  readonly at: SourceRange;
  /** What it refers to, as it is written. */
  readonly target: string;
  /** Class and name of the method; null for lambdas and calls of `partial`. */
  readonly method: readonly [className: string, name: string] | null;
  readonly edit: TextEdit | null;
}

export const weakrefToBoundMethod: Rule = defineRule<DyingReference>({
  code: "DW305",
  name: "weakref-to-bound-method",
  cause: "L10",
  summary: "A weak reference to a bound method, a lambda or a partial is dead at once: nothing else holds the object.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      const target = weakTarget(node, file);
      if (target === null) return;
      const dying = dyingReference(target, node, file);
      if (dying !== null) found(dying);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

/** The argument of `weakref.ref` and `weakref.proxy`. */
function weakTarget(call: Call, file: FileView): Expression | null {
  const name = absoluteName(file, call.callee);
  if (name !== "weakref.ref" && name !== "weakref.proxy" && name !== "weakref.ReferenceType") return null;
  const [first] = call.arguments;
  return first === undefined || first.star !== "" ? null : first.value;
}

function dyingReference(target: Expression, call: Call, file: FileView): DyingReference | null {
  const written = { at: file.rangeOf(call), target: file.text.slice(target.start, target.end) };
  if (target.kind === "attribute") {
    const method = methodNamed(target, file);
    return method === null ? null : { ...written, method, edit: methodEdit(call, file) };
  }
  const isNew =
    target.kind === "lambda" || (target.kind === "call" && absoluteName(file, target.callee) === "functools.partial");
  return isNew ? { ...written, method: null, edit: null } : null;
}

/** Class and name of `self.method`, `Class().method` and `known_object.method`. */
function methodNamed(target: Attribute, file: FileView): DyingReference["method"] {
  const name = target.object.kind === "name" ? absoluteName(file, target) : null;
  if (name === null) return null;
  // `Class.method` through the class is a plain function, which the class holds.
  if (absoluteName(file, target.object) !== null) return null;
  return [name.slice(0, name.lastIndexOf(".")), target.name];
}

/** `weakref.ref` becomes `weakref.WeakMethod`; the same object with a finalising callback keeps it. */
function methodEdit({ callee }: Call, file: FileView): TextEdit | null {
  if (callee.kind !== "attribute" || callee.name !== "ref") return null;
  return { file: file.path, start: callee.nameStart, end: callee.end, text: "WeakMethod" };
}

function draftOf(dying: DyingReference, project: Project): readonly FindingDraft[] {
  if (dying.method !== null && !isPlainMethod(dying.method, project)) return [];
  const what = dying.method === null ? "The object is made for the call" : "Every access makes a new bound method";
  return [
    {
      at: dying.at,
      message: `The weak reference to \`${dying.target}\` is dead as soon as it is made. ${what}, and nothing else holds it.`,
      holder: null,
      confidence: "certain",
      bound: "nothing is kept: the callback never runs",
      related: [],
      fix: fixOf(dying),
    },
  ];
}

/** A method that needs an object: not static, not of the class, not a property. */
function isPlainMethod([className, name]: readonly [string, string], project: Project): boolean {
  const method = project.methodOf(className, name);
  return method !== null && method.fact.decorators.length === 0;
}

function fixOf({ method, edit }: DyingReference): FindingFix {
  if (method === null)
    return { text: "Store the function where it should live, and refer to that.", safety: "none", edits: [] };
  const text = "Use `weakref.WeakMethod`, which lives as long as the object of the method.";
  return edit === null ? { text, safety: "none", edits: [] } : { text, safety: "safe", edits: [edit] };
}
