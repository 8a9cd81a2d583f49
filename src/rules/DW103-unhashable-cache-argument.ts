// Page: docs/rules/DW103-unhashable-cache-argument.md

import type { SourceRange } from "../model/finding.ts";
import { rangeOf } from "../python/definitions.ts";
import type { ParameterFact } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { cacheableCallee } from "./cached-functions/cacheable-callee.ts";
import {
  cachedFunctionNamed,
  cachedFunctions,
  decoratorRange,
  type CachedFunction,
} from "./cached-functions/cached-functions.ts";
import { unhashableKind, type Unhashable } from "./cached-functions/unhashable-value.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

interface UnhashableArgument {
  readonly callee: string;
  readonly kind: Unhashable;
  readonly argument: string;
  readonly at: SourceRange;
}

export const unhashableCacheArgument: Rule = defineRule<UnhashableArgument>({
  code: "DW103",
  name: "unhashable-cache-argument",
  cause: "L6",
  summary: "A list, dict or set cannot be part of a cache's key: the call raises TypeError instead of being cached.",
  twins: [],
  bestConfidence: "certain",
  collect: {
    call: (node, file, found) => {
      if (file.isTest) return;
      for (const { value, star } of node.arguments) {
        const kind = star === "" ? unhashableKind(file, value) : null;
        if (kind === null) continue;
        const callee = cacheableCallee(file, node.callee);
        if (callee === null) return;
        const argument = file.text.slice(value.start, value.end).replaceAll(/\s+/g, " ").slice(0, 60);
        found({ callee, kind, argument, at: file.rangeOf(value) });
      }
    },
  },
  judge: (found, project) => [
    ...found.flatMap((argument) => {
      const cached = cachedFunctionNamed(project, argument.callee);
      return cached !== null && hashes(cached) ? [draftOfCall(argument, cached)] : [];
    }),
    ...cachedFunctions(project)
      .filter(hashes)
      .flatMap((cached) => draftOfParameters(cached, project)),
  ],
});

function hashes({ cache }: CachedFunction): boolean {
  return cache.holdsArguments && !cache.hasOwnKey && cache.bound !== 0;
}

function draftOfCall({ kind, argument, at }: UnhashableArgument, cached: CachedFunction): FindingDraft {
  const { definition } = cached;
  return {
    at,
    message: `The call raises TypeError: \`${argument}\` is ${kind} or has one inside, and the cache of \`${definition.name}\` needs keys that can be hashed.`,
    holder: definition.name,
    confidence: "certain",
    bound: "nothing is cached",
    related: [{ ...decoratorRange(cached), message: `\`${definition.name}\` is cached here` }],
    fix: {
      text:
        kind === "a dict"
          ? "Pass what is hashable, such as `tuple(sorted(d.items()))`."
          : "Pass a tuple or a frozenset.",
      safety: "none",
      edits: [],
    },
  };
}

const UNHASHABLE_TYPE =
  /^(?:list|dict|set|bytearray|typing\.(?:List|Dict|Set|DefaultDict|OrderedDict|Counter|MutableMapping|MutableSequence|MutableSet)|collections\.(?:defaultdict|OrderedDict|Counter|deque)|collections\.abc\.Mutable\w+|numpy\.ndarray|numpy\.typing\.NDArray|pandas\.(?:DataFrame|Series|Index)|polars\.(?:DataFrame|LazyFrame|Series))(?:\[.*\])?$/;

/** One finding for each parameter that is said to be something unhashable, or nothing else. */
function draftOfParameters(cached: CachedFunction, project: Project): readonly FindingDraft[] {
  const { definition, cache, parameters } = cached;
  return parameters.filter(isUnhashable).map(({ name, annotation = "" }) => ({
    at: rangeOf(definition),
    message: `\`${definition.name}\` raises TypeError whenever \`${name}\` is what its annotation says, \`${annotation}\`: its cache needs keys that can be hashed.`,
    holder: definition.name,
    confidence: "likely",
    bound: "nothing is cached",
    related: [
      { ...decoratorRange(cached), message: `is cached here by \`${cache.maker}\`` },
      ...project
        .callersOf(definition)
        .slice(0, 1)
        .map(({ edge: { line, column }, module }) => ({
          file: module.path,
          line,
          column,
          endLine: line,
          endColumn: column + 1,
          message: "is called here",
        })),
    ],
    fix: {
      text: "Take a tuple or a frozenset, or cache by what identifies the data.",
      safety: "none",
      edits: [],
    },
  }));
}

function isUnhashable({ annotation, kind }: ParameterFact): boolean {
  if (annotation === undefined || kind === "*" || kind === "**") return false;
  const types = annotation.replace(/^typing\.Optional\[(.*)\]$/, "$1").split(" | ");
  return types.every((type) => UNHASHABLE_TYPE.test(type.trim()) || type.trim() === "None") && annotation !== "None";
}
