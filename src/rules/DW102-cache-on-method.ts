// Page: docs/rules/DW102-cache-on-method.md

import type { Confidence, RelatedLocation, SourceRange } from "../model/finding.ts";
import type { ArgumentFact, DecoratorFact } from "../python/facts.ts";
import { argumentFact } from "../python/extract-functions.ts";
import type { FileView } from "../python/file-view.ts";
import { calleeName, pathOfScope } from "../python/names-in-file.ts";
import type { Project } from "../python/project.ts";
import type { Assign, ClassDef, Expression } from "../python/tree.ts";
import { cacheOf, type CacheDecorator } from "./cached-functions/cache-decorators.ts";
import { cacheClears, clearsWhileRunning } from "./cached-functions/cache-clears.ts";
import { cachedFunctions, decoratorRange, ownerOf } from "./cached-functions/cached-functions.ts";
import { nothingElse } from "./cached-functions/call-arguments.ts";
import { instancesOf, isEnum, type Churn } from "./cached-functions/few-instances.ts";
import { isUnhashableClass } from "./cached-functions/hashable-class.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

/** `total = lru_cache(None)(lambda self: ...)` in the body of a class. */
interface AssignedCache {
  readonly className: string;
  readonly method: string;
  readonly maker: Pick<DecoratorFact, "name" | "args">;
  readonly hasOthers: boolean;
  readonly at: SourceRange;
}

/** A cache that all instances of a class share. */
interface SharedCache {
  readonly className: string;
  readonly method: string;
  readonly cache: CacheDecorator;
  /** Parameters after `self`. */
  readonly hasOthers: boolean;
  readonly at: SourceRange;
  /** Where it is emptied while the program runs. */
  readonly clears: readonly RelatedLocation[];
}

export const cacheOnMethod: Rule = defineRule<AssignedCache>({
  code: "DW102",
  name: "cache-on-method",
  cause: "L4",
  summary: "A cache on a method has `self` in its keys, so it keeps instances that nobody uses any more.",
  twins: ["B019", "W1518"],
  bestConfidence: "certain",
  collect: {
    assign: (node, file, found) => {
      const assigned = assignedCache(node, file);
      if (assigned !== null) found(assigned);
    },
  },
  judge: (found, project) => {
    const shared = [...decorated(project), ...assigned(found, project)];
    return shared.filter((each) => isShared(each, project)).map((each) => draftOf(each, project));
  },
});

function assignedCache({ parent, targets: [target], value }: Assign, file: FileView): AssignedCache | null {
  if (parent?.kind !== "class" || target?.kind !== "name" || value?.kind !== "call") return null;
  const cached = value.arguments[0]?.value;
  const parameters = cached === undefined ? null : parametersOf(parent, cached);
  const name = parameters === null || parameters < 1 ? null : makerName(file, value.callee);
  if (parameters === null || name === null) return null;
  const args: readonly ArgumentFact[] | null =
    value.callee.kind === "call" ? value.callee.arguments.map((each) => argumentFact(file, each)) : null;
  return {
    className: pathOfScope(file, file.scopes.openedBy(parent)),
    method: target.id,
    maker: { name, args },
    hasOthers: parameters > 1,
    at: file.rangeOf(value),
  };
}

function makerName(file: FileView, callee: Expression): string | null {
  return calleeName(file, callee.kind === "call" ? callee.callee : callee);
}

/** How many parameters a lambda, or a method that the class has by that name, takes. */
function parametersOf({ body }: ClassDef, cached: Expression): number | null {
  if (cached.kind === "lambda") return cached.parameters.length;
  if (cached.kind !== "name") return null;
  const method = body.find((each) => each.kind === "function" && each.name === cached.id);
  return method?.kind === "function" ? method.parameters.length : null;
}

function decorated(project: Project): readonly SharedCache[] {
  const clears = cacheClears(project);
  return cachedFunctions(project).flatMap((cached) => {
    const className = ownerOf(cached.definition);
    if (cached.receiver !== "instance" || className === null) return [];
    const { cache, definition, parameters } = cached;
    const method = definition.fact.name;
    return [
      {
        className,
        method,
        cache,
        hasOthers: parameters.length > 0,
        at: decoratorRange(cached),
        clears: clearsWhileRunning(clears, cached),
      },
    ];
  });
}

function assigned(found: readonly AssignedCache[], project: Project): readonly SharedCache[] {
  return found.flatMap(({ className, method, maker, hasOthers, at }) => {
    const cache = cacheOf(project, maker);
    return cache === null ? [] : [{ className, method, cache, hasOthers, at, clears: [] }];
  });
}

/** What cannot be hashed is never kept: the call raises TypeError. */
function isShared({ className, cache }: SharedCache, project: Project): boolean {
  if (!cache.holdsArguments || cache.hasOwnKey || cache.bound === 0) return false;
  return !isEnum(project, className) && !isUnhashableClass(project, className);
}

function draftOf(shared: SharedCache, project: Project): FindingDraft {
  const { className, method, cache, hasOthers, at, clears } = shared;
  const { churn, related } = instancesOf(project, className);
  const name = className.slice(className.lastIndexOf(".") + 1);
  const bound = boundOf(cache, name);
  return {
    at,
    message: `\`${className}.${method}\` has \`self\` in the keys of its cache, which all instances share: it keeps ${bound}, and what they hold, alive.`,
    holder: `${className}.${method}`,
    confidence:
      clears.length > 0
        ? "possible"
        : confidenceOf(cache, cache.bound !== null && isSmall(className, project) ? "some" : churn),
    bound,
    related: [...related, ...(clears.length > 0 ? clears : [nothingElse(at, "nothing clears it", project)])],
    fix: {
      text: hasOthers
        ? "Move the work into a function of the module that takes what it needs instead of `self`, or make the cache in `__init__`, one per instance."
        : "Use `functools.cached_property`, which keeps the value on the instance and goes with it.",
      safety: "none",
      edits: [],
    },
  };
}

function boundOf({ bound }: CacheDecorator, name: string): string {
  if (bound === null) return `every ${name} it was ever called on`;
  if (bound === "some") return `as many instances of ${name} as its bound allows`;
  return bound === 1 ? `one instance of ${name}` : `up to ${bound} instances of ${name}`;
}

/** A class with slots, or a named tuple, holds little: 128 of them are nothing to worry about. */
function isSmall(className: string, project: Project): boolean {
  return (
    project.classOf(className)?.fact.attributes.includes("__slots__") === true ||
    project.isSubclass(className, "typing.NamedTuple")
  );
}

/**
 * With a bound it matters only where instances come and go as long as the program runs: a loop that ends may make two. How many a
 * cache of somebody's own class keeps is not in sight.
 */
function confidenceOf({ bound }: CacheDecorator, churn: Churn): Confidence {
  if (bound !== null) return churn === "input" && bound !== 1 && bound !== "some" ? "likely" : "possible";
  if (churn === "input") return "certain";
  return churn === "loop" ? "likely" : "possible";
}
