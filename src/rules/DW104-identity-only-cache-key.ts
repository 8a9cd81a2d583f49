// Page: docs/rules/DW104-identity-only-cache-key.md

import type { SourceRange } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import { absoluteName } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Expression } from "../python/tree.ts";
import { enclosingFunction } from "../python/walk.ts";
import { cacheableCallee } from "./cached-functions/cacheable-callee.ts";
import { cachedFunctionNamed, decoratorRange, type CachedFunction } from "./cached-functions/cached-functions.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** An argument that is made where it is passed. */
interface FreshArgument {
  readonly callee: string;
  /** Absolute name of what makes it; "lambda". */
  readonly maker: string;
  readonly argument: string;
  readonly at: SourceRange;
}

export const identityOnlyCacheKey: Rule = defineRule<FreshArgument>({
  code: "DW104",
  name: "identity-only-cache-key",
  cause: "L6",
  summary: "An object that equals only itself, made anew for every call, is never found in the cache and stays in it.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      if (file.isTest) return;
      for (const { value, star } of node.arguments) {
        const maker = star === "" ? makerOf(file, value) : null;
        if (maker === null) continue;
        const callee = enclosingFunction(node) === null ? null : cacheableCallee(file, node.callee);
        if (callee === null) return;
        const argument = file.text.slice(value.start, value.end).replaceAll(/\s+/g, " ").slice(0, 60);
        found({ callee, maker, argument, at: file.rangeOf(value) });
      }
    },
  },
  judge: (found, project) =>
    found.flatMap((argument) => {
      const cached = cachedFunctionNamed(project, argument.callee);
      if (cached === null || !cached.cache.holdsArguments || cached.cache.hasOwnKey || cached.cache.bound === 0)
        return [];
      return equalsOnlyItself(argument.maker, project) ? [draftOf(argument, cached)] : [];
    }),
});

/** What makes a new object here: a class by its name, `object`, `partial`, a lambda. */
function makerOf(file: FileView, value: Expression): string | null {
  if (value.kind === "lambda") return "lambda";
  if (value.kind !== "call" || (value.callee.kind !== "name" && value.callee.kind !== "attribute")) return null;
  const last = value.callee.kind === "name" ? value.callee.id : value.callee.name;
  return /^_*[A-Z]|^(?:object|partial)$/.test(last) ? absoluteName(file, value.callee) : null;
}

/** Known to compare by identity: nothing in its classes says otherwise, and all of them are in sight. */
function equalsOnlyItself(maker: string, project: Project): boolean {
  if (maker === "lambda" || maker === "object" || maker === "functools.partial") return true;
  const { name } = project.classOf(maker) ?? {};
  if (name === undefined) return false;
  if (["__eq__", "__hash__", "__new__"].some((method) => project.methodOf(name, method) !== null)) return false;
  return project.ancestry(name).every((each) => isPlainClass(each, project));
}

/** Decorators such as `dataclass` write `__eq__`, and metaclasses may give the same object twice. */
function isPlainClass(name: string, project: Project): boolean {
  if (/^(?:object|abc\.ABC|typing\.(?:Generic|Protocol).*)$/.test(name)) return true;
  const fact = project.classOf(name)?.fact;
  if (fact === undefined || fact.decorators.length > 0) return false;
  if (fact.metaclass !== null && fact.metaclass !== "abc.ABCMeta") return false;
  return !["__eq__", "__hash__"].some((each) => fact.attributes.includes(each));
}

function draftOf({ maker, argument, at }: FreshArgument, cached: CachedFunction): FindingDraft {
  const { definition, cache } = cached;
  const name = maker.slice(maker.lastIndexOf(".") + 1);
  const what = maker === "lambda" ? "a new function" : name === "object" ? "a new object" : `a new ${name}`;
  const bound =
    cache.bound === null
      ? "one entry for every call"
      : cache.bound === "some"
        ? "as many entries as the cache holds, none of them found again"
        : `up to ${cache.bound} entries, none of them found again`;
  const consequence =
    cache.bound === null ? "it grows by one entry at every call" : "the call pushes out entries that are of use";
  return {
    at,
    message: `The cache of \`${definition.name}\` never finds this call again: \`${argument}\` is ${what} every time and equals only itself, so ${consequence}.`,
    holder: definition.name,
    confidence: "certain",
    bound,
    related: [{ ...decoratorRange(cached), message: `\`${definition.name}\` is cached here` }],
    fix: {
      text:
        maker === "lambda" || name === "partial"
          ? "Make the function once, in the module, and pass that."
          : `Give ${name} \`__eq__\` and \`__hash__\` (a frozen dataclass has them), or pass what identifies it.`,
      safety: "none",
      edits: [],
    },
  };
}
