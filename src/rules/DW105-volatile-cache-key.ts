// Page: docs/rules/DW105-volatile-cache-key.md

import { sitesThat, type ContainerDefinition, type ContainerSite } from "../python/definitions.ts";
import { rangeAt } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { cachedFunctionNamed, decoratorRange, type CachedFunction } from "./cached-functions/cached-functions.ts";
import { nothingElse } from "./cached-functions/call-arguments.ts";
import { volatileArgument, volatileKind, type VolatileCall } from "./cached-functions/volatile-argument.ts";
import { removalsFrom } from "./growing-containers/removals.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const volatileCacheKey: Rule = defineRule<VolatileCall>({
  code: "DW105",
  name: "volatile-cache-key",
  cause: "L3",
  summary: "A key that is never the same twice is never found: the cache only grows, or pushes out what is of use.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      const call = volatileArgument(file, node);
      // id() is DW113; repr() may well be the same twice.
      if (call !== null && call.what !== "id" && call.what !== "repr") found(call);
    },
  },
  judge: (found, project) => [
    ...found.flatMap((call) => {
      const cached = call.isInFunction ? cachedFunctionNamed(project, call.callee) : null;
      return cached === null || !isKept(call, cached) ? [] : [draftOfCall(call, cached)];
    }),
    ...project.containers.filter(isCache).flatMap((container) => draftsOfContainer(container, project)),
  ],
});

function isKept({ what }: VolatileCall, { cache }: CachedFunction): boolean {
  if (cache.bound === 0 || cache.hasOwnKey) return false;
  return cache.holdsArguments || what !== "request";
}

const REASONS: Readonly<Record<string, string>> = {
  time: "is the time",
  uuid: "is a new UUID every time",
  random: "is random",
  request: "is a request, which equals only itself",
};

function draftOfCall({ at, what, argument }: VolatileCall, cached: CachedFunction): FindingDraft {
  const { definition, cache } = cached;
  const consequence =
    cache.bound === null ? "grows by one entry at every call" : "fills with entries that nobody asks for again";
  return {
    at,
    message: `The cache of \`${definition.name}\` never finds this call again and ${consequence}: \`${argument}\` ${REASONS[what] ?? "is new every time"}.`,
    holder: definition.name,
    confidence: "certain",
    bound:
      cache.bound === null
        ? "one entry for every call"
        : `up to ${cache.bound === "some" ? "as many entries as the cache holds" : `${cache.bound} entries`}, none of use`,
    related: [{ ...decoratorRange(cached), message: `\`${definition.name}\` is cached here` }],
    fix: {
      text:
        what === "request"
          ? "Pass what the result depends on, such as the user's id, not the request."
          : "Leave it out of the arguments, or round it to what the result depends on: `time.time() // 60`.",
      safety: "none",
      edits: [],
    },
  };
}

/** By its name: a table of pending work is rightly keyed by UUIDs. */
function isCache({ fact, module }: ContainerDefinition): boolean {
  const isShared = fact.holder === "module-global" || fact.holder === "class-attribute";
  return (
    isShared && fact.family === "mapping" && fact.bound === null && /cache|memo(?!r)/i.test(fact.path) && !module.isTest
  );
}

function draftsOfContainer(container: ContainerDefinition, project: Project): readonly FindingDraft[] {
  const writes = sitesThat(container, "grow").filter(
    ({ fact, function: around, module }) =>
      around !== null &&
      !module.isTest &&
      fact.key !== undefined &&
      /^(?:time|uuid|random)$/.test(volatileKind(fact.key) ?? ""),
  );
  if (writes.length === 0 || removalsFrom(project, container).length > 0) return [];
  return writes.map((site) => draftOfWrite(site, container, project));
}

function draftOfWrite({ fact, module }: ContainerSite, container: ContainerDefinition, project: Project): FindingDraft {
  const at = rangeAt(module.path, fact.at);
  const what = fact.key === undefined ? null : volatileKind(fact.key);
  return {
    at,
    message: `\`${container.name}\` grows by one entry whenever this runs, and none is found again: the key ${REASONS[what ?? ""] ?? "is new every time"}.`,
    holder: container.name,
    confidence: "certain",
    bound: "one entry for every run",
    related: [nothingElse(rangeAt(container.module.path, container.fact.at), "nothing removes from it", project)],
    fix: { text: "Use a key that says what the value depends on.", safety: "none", edits: [] },
  };
}
