// Page: docs/rules/DW113-id-as-cache-key.md

import type { Confidence } from "../model/finding.ts";
import {
  sitesThat,
  type ContainerDefinition,
  type ContainerSite,
  type FunctionDefinition,
} from "../python/definitions.ts";
import { isUnder, rangeAt } from "../python/facts.ts";
import { domainOf } from "../python/key-domain.ts";
import { originsWithin, type Origin } from "../python/origin.ts";
import type { Project } from "../python/project.ts";
import { cachedFunctionNamed, decoratorRange, type CachedFunction } from "./cached-functions/cached-functions.ts";
import { nothingElse } from "./cached-functions/call-arguments.ts";
import { volatileArgument, type VolatileCall } from "./cached-functions/volatile-argument.ts";
import { isWarnedOnce } from "./growing-containers/growing-write.ts";
import { removalsFrom } from "./growing-containers/removals.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const idAsCacheKey: Rule = defineRule<VolatileCall>({
  code: "DW113",
  name: "id-as-cache-key",
  cause: "L1",
  summary:
    "The id() of an object is given to another one when it is gone: the entry stays and answers for the wrong object.",
  twins: [],
  bestConfidence: "likely",
  collect: {
    call: (node, file, found) => {
      const call = volatileArgument(file, node);
      if (call?.what === "id") found(call);
    },
  },
  judge: (found, project) => [
    ...found.flatMap((call) => {
      const cached = cachedFunctionNamed(project, call.callee);
      return cached === null || cached.cache.bound === 0 || cached.cache.hasOwnKey ? [] : [draftOfCall(call, cached)];
    }),
    ...project.containers.filter(isLongLived).flatMap((container) => draftsOf(container, project)),
  ],
});

function draftOfCall({ at, argument }: VolatileCall, cached: CachedFunction): FindingDraft {
  const { definition, cache } = cached;
  return {
    at,
    message: `The cache of \`${definition.name}\` may answer for the wrong object: \`${argument}\` is given to another object when this one is gone, and the entry stays.`,
    holder: definition.name,
    confidence: "likely",
    bound: cache.bound === null ? "one entry for every address" : "as many entries as the cache holds",
    related: [{ ...decoratorRange(cached), message: `\`${definition.name}\` is cached here` }],
    fix: { text: FIX, safety: "none", edits: [] },
  };
}

const FIX =
  "Use a `weakref.WeakKeyDictionary` keyed by the object, keep the object in the value, or remove the entry with `weakref.finalize`.";

function isLongLived({ fact, module }: ContainerDefinition): boolean {
  if (module.isTest || (fact.family !== "mapping" && fact.family !== "set")) return false;
  return fact.holder === "module-global" || fact.holder === "class-attribute" || fact.holder === "instance-attribute";
}

function draftsOf(container: ContainerDefinition, project: Project): readonly FindingDraft[] {
  const writes = sitesThat(container, "grow").filter((site) => isStale(site, project));
  const [first] = writes;
  if (first === undefined) return [];
  const removals = removalsFrom(project, container);
  // Whoever takes out single entries knows when an object goes.
  if (removals.some(({ fact: { how } }) => how !== "clear" && how !== "=")) return [];
  return [draftOf(container, writes.find(isLookedUp) ?? first, removals, project)];
}

/** What is written without a look whether it is there takes the place of what an older object has left. */
function isLookedUp({ fact }: ContainerSite): boolean {
  return fact.how === "add" || isUnder(fact, "memberGuard");
}

/** The key is an id, and nothing in the value keeps the object whose id it is. */
function isStale({ fact, function: around, module }: ContainerSite, project: Project): boolean {
  const { key = fact.how === "add" ? fact.value : undefined } = fact;
  if (key === undefined || around === null || module.isTest || project.isImportTimeOnly(around)) return false;
  const ids = originsWithin(key).filter(isId);
  return ids.some(({ of }) => {
    if (of === undefined) return true;
    // Of what has no known origin nobody can say that nothing holds it.
    if (!isKnown(of)) return false;
    // `seen.add((id(x), x))` keeps the object in the key.
    if (key.from === "parts" && key.how === "tuple" && key.parts.some((part) => mayHold(part, of))) return false;
    if (fact.how === "add") return !isKeptBeside(around, of, project);
    // Classes, functions and modules stay as long as the program.
    if (domainOf(project, around, of).domain === "finite") return false;
    return (fact.value === undefined || !mayHold(fact.value, of)) && !isKeptBeside(around, of, project);
  });
}

/** A variable that is given several values is not followed. */
function isKnown(object: Origin): boolean {
  return originsWithin(object).every(({ from }) => from !== "unknown");
}

/** The same function puts the object itself somewhere: two tables side by side. */
function isKeptBeside(around: FunctionDefinition, object: Origin, project: Project): boolean {
  return project.containers.some(({ sites }) =>
    sites.some(
      ({ fact, function: by }) =>
        by === around && fact.action === "grow" && fact.value !== undefined && mayHold(fact.value, object),
    ),
  );
}

type Id = Extract<Origin, { readonly from: "fresh" }>;

function isId(origin: Origin): origin is Id {
  return origin.from === "fresh" && origin.what === "id";
}

/** What is made from the object, such as its length, does not hold it; a new object of some class may. */
function mayHold(value: Origin, object: Origin): boolean {
  if (isSame(value, object) || value.from === "made") return true;
  // A module holds its dict, an object what it has as an attribute.
  if (object.from === "attribute") return mayHold(value, object.of);
  if (value.from === "call")
    return value.of !== undefined && mayHold(value.of, object) && /(?:^|[.])_*[A-Z]\w*$/.test(value.callee);
  if (value.from !== "parts" || value.how === "text") return false;
  return value.parts.some((part) => part.from === "unknown" || (part.from !== "made" && mayHold(part, object)));
}

function isSame(a: Origin, b: Origin): boolean {
  return a.from !== "unknown" && JSON.stringify(a) === JSON.stringify(b);
}

function draftOf(
  container: ContainerDefinition,
  site: ContainerSite,
  removals: readonly ContainerSite[],
  project: Project,
): FindingDraft {
  const { name, fact: holder } = container;
  const { fact, module } = site;
  const at = rangeAt(module.path, fact.at);
  return {
    at,
    message: `\`${name}\` may answer for the wrong object: its keys come from \`id()\`, which is given to another object when the first one is gone, and the entry stays.`,
    holder: name,
    confidence: isLookedUp(site) ? confidenceOf(container, removals) : "possible",
    bound: "one entry for every address that an object had",
    related: [
      { ...rangeAt(container.module.path, holder.at), message: `\`${name}\` is made here` },
      ...(removals.length > 0
        ? removals.map((each) => ({ ...rangeAt(each.module.path, each.fact.at), message: "is emptied here" }))
        : [nothingElse(at, "nothing removes from it", project)]),
    ],
    fix: { text: FIX, safety: "none", edits: [] },
  };
}

/**
 * An attribute may live no longer than the objects; an emptied container may be emptied in time. What was warned about once
 * answers for no object: at worst a warning is missing.
 */
function confidenceOf(container: ContainerDefinition, removals: readonly ContainerSite[]): Confidence {
  if (removals.length > 0 || isWarnedOnce(container)) return "possible";
  return container.fact.holder === "instance-attribute" ? "possible" : "likely";
}
