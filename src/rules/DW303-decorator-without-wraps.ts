// Page: docs/rules/DW303-decorator-without-wraps.md

import type { FindingFix, SourceRange, TextEdit } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { lookUp } from "../python/scopes.ts";
import { functionName } from "./repeated-calls/code-site.ts";
import type { Project } from "../python/project.ts";
import type { Call, FunctionDef, Import, ImportFrom, Statement } from "../python/tree.ts";
import { walk } from "../python/walk.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** A function that takes a function and gives a wrapper of it that does not take over its name. */
interface BareWrapper {
  /** Absolute name of the decorator. */
  readonly decorator: string;
  readonly wrapper: string;
  readonly at: SourceRange;
  readonly edit: TextEdit | null;
  /** It passes on exactly what it takes, so that the signature of the decorated function is its own as well. */
  readonly isTransparent: boolean;
}

export const decoratorWithoutWraps: Rule = defineRule<BareWrapper>({
  code: "DW303",
  name: "decorator-without-wraps",
  cause: "L9",
  summary:
    "Every function behind a wrapper without functools.wraps has the wrapper's name, so that tools and registries mix them up.",
  twins: [],
  bestConfidence: "possible",
  collect: {
    function: (node, file, found) => {
      const wrapper = file.isTest ? null : bareWrapper(node, file);
      if (wrapper !== null) found(wrapper);
    },
  },
  judge: (found, project) => {
    const used = decoratorsInUse(project);
    // A function that makes functions is a decorator when something is decorated with it.
    return found.filter(({ decorator }) => used.has(decorator)).map(draftOf);
  },
});

function bareWrapper(outer: FunctionDef, file: FileView): BareWrapper | null {
  const [given, ...others] = outer.parameters;
  if (given === undefined || others.length > 0 || given.star !== "") return null;
  const returned = outer.body.at(-1);
  if (returned?.kind !== "return" || returned.value?.kind !== "name") return null;
  const wrapper = returned.value.id;
  const inner = outer.body.find((each) => each.kind === "function" && each.name === wrapper);
  if (inner?.kind !== "function" || inner.decorators.length > 0 || !passesOn(inner, given.name)) return null;
  if (takesName(outer, inner, file)) return null;
  return {
    decorator: functionName(file, outer),
    wrapper,
    at: file.rangeOf({ start: inner.nameStart, end: inner.nameStart + wrapper.length }),
    edit: wrapsEdit(inner, given.name, file),
    isTransparent: isTransparent(inner, given.name),
  };
}

/** `function(*args, **kwargs)` in the wrapper, whose parameters are the same. */
function passesOn(inner: FunctionDef, name: string): boolean {
  if (!inner.parameters.some(({ star }) => star !== "")) return false;
  return callsOf(inner, name).some((call) => call.arguments.some(({ star }) => star !== ""));
}

function callsOf(inner: FunctionDef, name: string): readonly Call[] {
  const calls: Call[] = [];
  walk(inner, (node) => {
    if (node.kind === "call" && node.callee.kind === "name" && node.callee.id === name) calls.push(node);
  });
  return calls;
}

/**
 * `inspect.signature` follows `__wrapped__`: a wrapper that takes or gives other arguments than the function would get a
 * signature that is not its own, and frameworks that read it (FastAPI, pytest) would call it wrongly.
 */
function isTransparent(inner: FunctionDef, name: string): boolean {
  const taken = inner.parameters.map((each) => `${each.star}${each.name}`);
  if (!["*", "**"].every((star) => inner.parameters.some((each) => each.star === star))) return false;
  return callsOf(inner, name).every((call) => {
    const given = call.arguments.map(({ star, value }) => `${star}${value.kind === "name" ? value.id : "?"}`);
    return given.length === taken.length && given.every((each, at) => each === taken[at]);
  });
}

/** `update_wrapper(...)`, `wrapper.__name__ = ...` and the like, in any way. */
function takesName(outer: FunctionDef, inner: FunctionDef, file: FileView): boolean {
  const isBetween = (statement: Statement): boolean => statement !== inner && statement.kind !== "return";
  return outer.body
    .filter((each) => isBetween(each))
    .some(({ start, end }) => /wraps|update_wrapper|__name__|__wrapped__|__dict__/.test(file.text.slice(start, end)));
}

/** `@functools.wraps(function)` on a line of its own, as the module imports it; null if it does not. */
function wrapsEdit(inner: FunctionDef, name: string, file: FileView): TextEdit | null {
  const written = importedWraps(inner, file);
  if (written === null) return null;
  const lineStart = file.text.lastIndexOf("\n", inner.start) + 1;
  const indent = file.text.slice(lineStart, inner.start);
  if (indent.trim() !== "") return null;
  const end = file.text.slice(0, lineStart).endsWith("\r\n") ? "\r\n" : "\n";
  return { file: file.path, start: inner.start, end: inner.start, text: `@${written}(${name})${end}${indent}` };
}

function importedWraps(inner: FunctionDef, file: FileView): string | null {
  if (importedBefore(inner, "functools", file)?.kind === "import") return "functools.wraps";
  const from = importedBefore(inner, "wraps", file);
  return from?.kind === "import-from" && from.module === "functools" ? "wraps" : null;
}

/** The one import of `name` at the top level, before the wrapper: then it is there whenever the wrapper is made. */
function importedBefore(inner: FunctionDef, name: string, file: FileView): Import | ImportFrom | null {
  const variable = lookUp(file.scopes.scopeOf(inner), name);
  const [binding] = variable?.bindings ?? [];
  if (variable?.scope.kind !== "module" || variable.bindings.length > 1 || binding?.node.kind !== "alias") return null;
  const { name: imported, start, parent } = binding.node;
  if (imported !== name || start > inner.start || parent?.parent?.kind !== "module") return null;
  return parent.kind === "import" || parent.kind === "import-from" ? parent : null;
}

/** Absolute names of what functions outside of tests are decorated with. Linear in the decorators. */
function decoratorsInUse(project: Project): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { fact, module } of project.functions) {
    if (module.isTest) continue;
    for (const { name } of fact.decorators) used.add(project.resolve(name));
  }
  return used;
}

function draftOf(bare: BareWrapper): FindingDraft {
  return {
    at: bare.at,
    message: `Functions decorated with \`${bare.decorator}\` are all called \`${bare.wrapper}\`: profiles and heaps cannot tell them apart, and whoever keys by \`__name__\` keeps one of them.`,
    holder: null,
    confidence: "possible",
    bound: "no memory by itself",
    related: [],
    fix: fixOf(bare),
  };
}

function fixOf({ edit, isTransparent: isSafe }: BareWrapper): FindingFix {
  const text = "Decorate the wrapper with `functools.wraps(function)`.";
  return edit === null
    ? { text, safety: "none", edits: [] }
    : { text, safety: isSafe ? "safe" : "unsafe", edits: [edit] };
}
