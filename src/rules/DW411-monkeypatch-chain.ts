// Page: docs/rules/DW411-monkeypatch-chain.md

import type { Confidence } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName, assignedValue } from "../python/names-in-file.ts";
import { lookUp } from "../python/scopes.ts";
import type { Project } from "../python/project.ts";
import type { Assign, Attribute, Call, Expression, FunctionDef, Lambda, Name, Node } from "../python/tree.ts";
import { enclosingClass, enclosingFunction, walk } from "../python/walk.ts";
import { siteOf, type CodeSite } from "./repeated-calls/code-site.ts";
import { isGuardedOnce } from "./repeated-calls/once-guards.ts";
import { repetitionOf, weaker } from "./repeated-calls/repetition.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A function of a module or class that is replaced by a wrapper of itself. */
interface Patch {
  readonly site: CodeSite;
  /** As it is written, and absolute. */
  readonly target: string;
  readonly holder: string | null;
}

export const monkeypatchChain: Rule = defineRule<Patch>({
  code: "DW411",
  name: "monkeypatch-chain",
  cause: "L10",
  summary: "A function that wraps a function of a module at every call makes a chain of wrappers that only grows.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    assign: (node, file, found) => {
      const patch = file.isTest ? null : patchOf(node, file);
      if (patch !== null) found(patch);
    },
  },
  judge: (found, project) => found.flatMap((each) => draftOf(each, project)),
});

function patchOf(assign: Assign, file: FileView): Patch | null {
  const [target] = assign.targets;
  const around = enclosingFunction(assign);
  if (target?.kind !== "attribute" || assign.value === null || around === null) return null;
  if (!isOfProcess(target, file) || !wraps(assign.value, target, file)) return null;
  if (isGuardedOnce(file, assign) || isRestored(assign, target, enclosingClass(assign) ?? around, file)) return null;
  const written = file.text.slice(target.start, target.end);
  return { site: siteOf(file, assign), target: written, holder: absoluteName(file, target) };
}

/** An attribute of a module or of a class that the module's scope names. */
function isOfProcess({ object }: Attribute, file: FileView): boolean {
  let root = object;
  while (root.kind === "attribute") root = root.object;
  if (root.kind !== "name") return false;
  const variable = lookUp(file.scopes.scopeOf(root), root.id);
  const how = variable?.bindings[0]?.how;
  return how === "import" || (how === "class" && variable?.scope.kind === "module");
}

/** Whether the new value calls the old one: `patch(module.f)`, or a function that names what was `module.f`. */
function wraps(value: Expression, target: Attribute, file: FileView): boolean {
  switch (value.kind) {
    case "lambda":
      return namesOld(value, target, file);
    case "name":
      return namesOld(functionBound(value, file), target, file);
    case "call":
      return isWrapping(value, target, file);
    default:
      return false;
  }
}

function functionBound(name: Name, file: FileView): FunctionDef | null {
  const [binding] = lookUp(file.scopes.scopeOf(name), name.id)?.bindings ?? [];
  return binding?.how === "function" && binding.node.kind === "function" ? binding.node : null;
}

/** A name that the wrapper does not bind and that is the old value. */
function namesOld(wrapper: FunctionDef | Lambda | null, target: Attribute, file: FileView): boolean {
  if (wrapper === null) return false;
  let found = false;
  walk(wrapper, (node) => {
    if (node.kind === "name" && !found) found = isOldValue(node, target, file);
  });
  return found;
}

/** `old = module.f` in the function that patches. */
function isOldValue(name: Name, target: Attribute, file: FileView): boolean {
  const variable = lookUp(file.scopes.scopeOf(name), name.id);
  const [binding] = variable?.bindings ?? [];
  if (variable?.scope.kind !== "function" || binding === undefined || variable.bindings.length > 1) return false;
  const value = assignedValue(binding);
  return value !== null && isSameText(value, target, file);
}

function isSameText(a: Expression, b: Expression, file: FileView): boolean {
  return file.text.slice(a.start, a.end) === file.text.slice(b.start, b.end);
}

/** A wrapper by the name of what makes it, or a function made in sight. */
function isWrapping(call: Call, target: Attribute, file: FileView): boolean {
  const isGiven = call.arguments.some(
    ({ value }) => isSameText(value, target, file) || (value.kind === "name" && isOldValue(value, target, file)),
  );
  if (!isGiven) return call.arguments.some(({ value }) => value.kind === "lambda" && namesOld(value, target, file));
  const { callee } = call;
  const name = callee.kind === "call" ? "wraps" : callee.kind === "name" ? callee.id : lastName(callee);
  if (/wrap|patch|decorat|instrument|hook|trace|partial|record|spy|intercept|count|time/i.test(name)) return true;
  return callee.kind === "name" && makesFunction(functionBound(callee, file));
}

function lastName(callee: Expression): string {
  return callee.kind === "attribute" ? callee.name : "";
}

function makesFunction(maker: FunctionDef | null): boolean {
  return maker?.body.some((statement) => statement.kind === "function") ?? false;
}

/** Whether the function or class also puts something else there: what was before. */
function isRestored(assign: Assign, target: Attribute, around: Node, file: FileView): boolean {
  let found = false;
  walk(around, (node) => {
    if (node.kind !== "assign" || node === assign) return;
    found ||= node.targets.some((each) => isSameText(each, target, file));
  });
  return found;
}

function draftOf({ site, target, holder }: Patch, project: Project): readonly FindingDraft[] {
  const repetition = repetitionOf(project, site);
  if (repetition.how === "once") return [];
  const confidence: Confidence = repetition.how === "per-call" ? weaker("likely", repetition.sureness) : "possible";
  const often = repetition.how === "per-call" ? `, which is ${repetition.why},` : "";
  return [
    {
      at: site.at,
      message: `Every call of \`${site.function ?? ""}\`${often} wraps \`${target}\` once more: each wrapper keeps the one before, and each call of it runs them all.`,
      holder,
      confidence,
      bound: `one wrapper per call of ${site.function ?? ""}`,
      related: repetition.how === "per-call" ? repetition.related : [],
      fix: {
        text: `Patch it once, at import, or put the old \`${target}\` back in a \`finally\`.`,
        safety: "none",
        edits: [],
      },
    },
  ];
}
