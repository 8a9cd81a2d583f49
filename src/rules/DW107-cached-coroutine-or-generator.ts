// Page: docs/rules/DW107-cached-coroutine-or-generator.md

import { countOf } from "../base/format-count.ts";
import type { SourceRange } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName, pathOfScope } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Expression } from "../python/tree.ts";
import { enclosingFunction } from "../python/walk.ts";
import { cachedFunctions, decoratorRange, type CachedFunction } from "./cached-functions/cached-functions.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** `return (x for x in y)`, `return map(f, y)` in a function with decorators. */
interface ReturnedIterator {
  readonly function: string;
  readonly what: string;
  readonly at: SourceRange;
}

export const cachedCoroutineOrGenerator: Rule = defineRule<ReturnedIterator>({
  code: "DW107",
  name: "cached-coroutine-or-generator",
  cause: "L6",
  summary:
    "A coroutine, generator or iterator can be used once: from the second call on the cache gives one that is used up.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    return: (node, file, found) => {
      const { value } = node;
      const what = value === null ? null : iteratorKind(value, file);
      if (value === null || what === null) return;
      const around = enclosingFunction(value);
      if (around?.kind !== "function" || around.decorators.length === 0) return;
      found({ function: pathOfScope(file, file.scopes.openedBy(around)), what, at: file.rangeOf(node) });
    },
  },
  judge: (found, project) =>
    cachedFunctions(project).flatMap((cached) => {
      const used = isUnchanged(cached) && cached.cache.bound !== 0 ? usedUpBy(cached, found) : null;
      return used === null ? [] : [draftOf(cached, used, project)];
    }),
});

/** Without those that have no end: `count`, `cycle` and `repeat` are shared, but never used up. */
const ONCE = /^(?:map|filter|zip|iter|enumerate|reversed|itertools\.(?!(?:count|cycle|repeat)$)\w+)$/;

function iteratorKind(value: Expression, file: FileView): string | null {
  if (value.kind === "comprehension" && value.type === "generator") return "a generator";
  if (value.kind !== "call") return null;
  const callee =
    value.callee.kind === "name" || value.callee.kind === "attribute" ? absoluteName(file, value.callee) : null;
  return callee !== null && ONCE.test(callee) ? `what \`${callee}()\` gives` : null;
}

/** Decorators between the function and its cache may make something else of the result. */
function isUnchanged({ definition, at }: CachedFunction): boolean {
  return definition.fact.decorators.slice(at + 1).every(({ name }) => /^(?:static|class)method$/.test(name));
}

interface UsedUp {
  readonly what: string;
  readonly consequence: string;
  readonly fix: string;
  readonly at: SourceRange | null;
}

function usedUpBy({ definition, cache }: CachedFunction, found: readonly ReturnedIterator[]): UsedUp | null {
  const { fact, name, module } = definition;
  if (fact.isGenerator === true)
    return {
      what: fact.isAsync === true ? "an asynchronous generator" : "a generator",
      consequence: "it has nothing left from the second call on",
      fix: "Return a tuple: cache a function that collects the results.",
      at: null,
    };
  if (fact.isAsync === true)
    return cache.isForCoroutines
      ? null
      : {
          what: "the coroutine, not its result",
          consequence: "the second `await` raises RuntimeError",
          fix: "Use a cache that awaits, such as `async_lru.alru_cache(maxsize=128)`.",
          at: null,
        };
  const returned = found.find((each) => each.function === name && each.at.file === module.path);
  return returned === undefined
    ? null
    : {
        what: returned.what,
        consequence: "it has nothing left from the second call on",
        fix: "Return a tuple or a list: `tuple(...)`.",
        at: returned.at,
      };
}

function draftOf(cached: CachedFunction, { what, consequence, fix, at }: UsedUp, project: Project): FindingDraft {
  const { definition, cache } = cached;
  const calls = project.callersOf(definition).length;
  return {
    at: decoratorRange(cached),
    message: `The cache of \`${definition.name}\` keeps ${what}, and gives the same one to every call with equal arguments: ${consequence}.`,
    holder: definition.name,
    confidence: "certain",
    bound:
      cache.bound === null
        ? "one for every combination of arguments"
        : `up to ${cache.bound === "some" ? "as many as the cache holds" : cache.bound}, used up`,
    related: [
      ...(at === null ? [] : [{ ...at, message: "is returned here" }]),
      {
        ...decoratorRange(cached),
        message: `${calls === 0 ? "no" : calls} call${calls === 1 ? "" : "s"} seen in ${countOf(project.files.length, "file")}`,
      },
    ],
    fix: { text: fix, safety: "none", edits: [] },
  };
}
