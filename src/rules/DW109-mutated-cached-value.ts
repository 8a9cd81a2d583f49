// Page: docs/rules/DW109-mutated-cached-value.md

import type { SourceRange } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { assignedValue, pathOfScope } from "../python/names-in-file.ts";
import { originOf } from "../python/origins.ts";
import type { Project } from "../python/project.ts";
import { lookUp } from "../python/scopes.ts";
import type { Expression, Node } from "../python/tree.ts";
import { enclosingFunction } from "../python/walk.ts";
import { cacheableCallee } from "./cached-functions/cacheable-callee.ts";
import { cachedFunctionNamed, decoratorRange, type CachedFunction } from "./cached-functions/cached-functions.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** What a call gave is changed; a function with decorators returns a list, dict or set of its own. */
type Evidence =
  | {
      readonly kind: "changes";
      readonly callee: string;
      readonly how: string;
      readonly at: SourceRange;
      readonly called: SourceRange;
    }
  | { readonly kind: "returns"; readonly function: string; readonly what: string; readonly at: SourceRange };

type Found = (evidence: Evidence) => void;

export const mutatedCachedValue: Rule = defineRule<Evidence>({
  code: "DW109",
  name: "mutated-cached-value",
  cause: "L5",
  summary:
    "A cache hands out the object itself: who changes it changes the result of every later call, and it grows with each.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      const { callee } = node;
      if (callee.kind === "attribute" && CHANGING.has(callee.name))
        changed(callee.object, callee.name, node, file, found);
    },
    assign: (node, file, found) => {
      for (const target of node.targets)
        if (target.kind === "subscript") changed(target.object, "[]=", node, file, found);
    },
    "aug-assign": (node, file, found) => {
      if (node.target.kind === "subscript") changed(node.target.object, "[]=", node, file, found);
      else if (node.op === "+" || node.op === "|") changed(node.target, `${node.op}=`, node, file, found);
    },
    delete: (node, file, found) => {
      for (const target of node.targets)
        if (target.kind === "subscript") changed(target.object, "del", node, file, found);
    },
    return: (node, file, found) => {
      const around = node.value === null ? null : enclosingFunction(node);
      if (node.value === null || around?.kind !== "function" || around.decorators.length === 0) return;
      const origin = originOf(file, node.value);
      if (origin.from !== "made" || origin.what === "lambda" || origin.what === "generator") return;
      found({
        kind: "returns",
        function: pathOfScope(file, file.scopes.openedBy(around)),
        what: origin.what,
        at: file.rangeOf(node),
      });
    },
  },
  judge: (found, project) => {
    const returned = found.filter((each) => each.kind === "returns");
    return found.flatMap((each) => (each.kind === "changes" ? (draftOf(each, returned, project) ?? []) : []));
  },
});

/** Only of containers: nothing else has methods of these names that change it. */
const OF_CONTAINERS = [
  "append",
  "extend",
  "insert",
  "sort",
  "reverse",
  "setdefault",
  "popitem",
  "appendleft",
  "extendleft",
];
const CHANGING: ReadonlySet<string> = new Set([...OF_CONTAINERS, "update", "pop", "remove", "clear", "add", "discard"]);
const SURELY_CHANGES: ReadonlySet<string> = new Set([...OF_CONTAINERS, "[]=", "del"]);

/** `f(x).append(y)`, or `rows = f(x)` as the one binding of what is changed. */
function changed(object: Expression, how: string, node: Node, file: FileView, found: Found): void {
  if (file.isTest) return;
  const call = object.kind === "name" ? callBoundTo(file, object) : withoutAwait(object);
  if (call?.kind !== "call") return;
  const callee = cacheableCallee(file, call.callee);
  if (callee !== null) found({ kind: "changes", callee, how, at: file.rangeOf(node), called: file.rangeOf(call) });
}

function callBoundTo(file: FileView, name: Extract<Expression, { readonly kind: "name" }>): Expression | null {
  const variable = lookUp(file.scopes.scopeOf(name), name.id);
  if (variable?.scope.kind !== "function") return null;
  // `rows += x` binds the name once more, and changes a list all the same.
  const bindings = variable.bindings.filter((each) => each.how !== "augmented");
  const [binding] = bindings;
  if (bindings.length !== 1 || binding === undefined) return null;
  const value = assignedValue(binding);
  return value === null ? null : withoutAwait(value);
}

function withoutAwait(value: Expression): Expression {
  return value.kind === "await" ? value.value : value;
}

function draftOf(
  { callee, how, at, called }: Extract<Evidence, { readonly kind: "changes" }>,
  returned: readonly Extract<Evidence, { readonly kind: "returns" }>[],
  project: Project,
): FindingDraft | null {
  const cached = cachedFunctionNamed(project, callee);
  // Streamlit's `cache_data` hands out copies.
  if (cached === null || cached.cache.bound === 0 || cached.cache.maker === "streamlit.cache_data") return null;
  const { definition } = cached;
  const made = returned.find((each) => each.function === definition.name);
  // Numbers, texts and tuples are replaced by `+=`, not changed.
  if (/^[+|]=$/.test(how) && made === undefined) return null;
  return {
    at,
    message: `This changes the object that the cache of \`${definition.name}\` keeps: every later call with equal arguments gets it as it is then.`,
    holder: definition.name,
    confidence: isSure(cached, how, made !== undefined) ? "likely" : "possible",
    bound: "as much as is added",
    related: [
      { ...called, message: "comes from the cache here" },
      ...(made === undefined ? [] : [{ ...made.at, message: `a ${made.what} is returned here, and kept` }]),
      { ...decoratorRange(cached), message: `\`${definition.name}\` is cached here` },
    ],
    fix: {
      text: "Change a copy (`list(...)`, `dict(...)`), or return a tuple, a frozenset or a `types.MappingProxyType`.",
      safety: "none",
      edits: [],
    },
  };
}

/** Without parameters it may be a table that all are meant to share. */
function isSure({ parameters }: CachedFunction, how: string, isMade: boolean): boolean {
  return parameters.length > 0 && (isMade || SURELY_CHANGES.has(how));
}
