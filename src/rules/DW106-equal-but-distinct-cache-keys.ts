// Page: docs/rules/DW106-equal-but-distinct-cache-keys.md

import type { ParameterFact } from "../python/facts.ts";
import type { KnownCall, Project } from "../python/project.ts";
import { cachedFunctions, decoratorRange, type CachedFunction } from "./cached-functions/cached-functions.ts";
import { callRange, callsOf, givenArguments } from "./cached-functions/call-arguments.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const equalButDistinctCacheKeys: Rule = defineRule<never>({
  code: "DW106",
  name: "equal-but-distinct-cache-keys",
  cause: "L6",
  summary:
    "Calls that say the same in different spellings have different keys: the cache computes and keeps the result once for each.",
  twins: [],
  bestConfidence: "likely",
  judge: (_found, project) =>
    cachedFunctions(project)
      .filter(({ cache }) => cache.holdsArguments && !cache.hasOwnKey && cache.bound !== 0)
      .flatMap((cached) => draftOf(cached, project) ?? []),
});

/** How a call passes its arguments. */
interface Spelling {
  readonly call: KnownCall;
  /** `price(article, day=...)`. */
  readonly text: string;
  /** The parameters that are given, sorted. */
  readonly given: string;
  readonly byName: readonly string[];
  /** A letter of ORIGIN_LETTERS for each parameter. */
  readonly letters: ReadonlyMap<string, string>;
}

function draftOf(cached: CachedFunction, project: Project): FindingDraft | null {
  const spellings = callsOf(project, cached).flatMap((call) => spellingOf(cached, call) ?? []);
  for (const group of new Set(spellings.map(({ given }) => given))) {
    const distinct = distinctSpellings(spellings.filter(({ given }) => given === group));
    const [first, ...others] = distinct;
    if (first === undefined || others.length === 0) continue;
    const { definition } = cached;
    const isSure = others.some((other) => mayBeEqual(first, other));
    return {
      at: decoratorRange(cached),
      message: `\`${definition.name}\` is called in ${distinct.length} spellings that say the same, and its cache keeps a result for each: ${distinct.map(({ text }) => `\`${text}\``).join(", ")}.`,
      holder: definition.name,
      confidence: isSure ? "likely" : "possible",
      bound: `up to ${distinct.length} entries for the same arguments`,
      related: distinct.map(({ call, text }) => ({ ...callRange(call), message: `is called here as \`${text}\`` })),
      fix: { text: "Spell all calls alike, or make the parameters keyword-only with `*`.", safety: "none", edits: [] },
    };
  }
  return null;
}

/** Null with stars: what they give is not known. */
function spellingOf({ definition, cache, parameters }: CachedFunction, call: KnownCall): Spelling | null {
  const given = givenArguments(call.edge.args);
  if (given.some(({ letter }) => letter.startsWith("*"))) return null;
  const letters = new Map<string, string>();
  for (const [at, { name, letter }] of given.entries()) {
    const parameter = name ?? placed(parameters, at);
    if (parameter === null) return null;
    letters.set(parameter, letter);
  }
  const byName = given.flatMap(({ name }) => name ?? []);
  // cachetools sorts what is given by name; functools does not.
  const spelled = cache.maker.startsWith("functools.") ? byName : byName.toSorted();
  const texts = given.slice(0, given.length - byName.length).map((_each, at) => placed(parameters, at) ?? "");
  return {
    call,
    text: `${definition.fact.name}(${[...texts, ...spelled.map((name) => `${name}=...`)].join(", ")})`,
    given: [...letters.keys()].toSorted().join(" "),
    byName,
    letters,
  };
}

function placed(parameters: readonly ParameterFact[], at: number): string | null {
  const parameter = parameters[at];
  return parameter === undefined || parameter.kind !== undefined ? null : parameter.name;
}

function distinctSpellings(spellings: readonly Spelling[]): readonly Spelling[] {
  return spellings.filter(({ text }, at) => spellings.findIndex((each) => each.text === text) === at);
}

/** What is spelt differently is no constant in both: two constants may well differ. */
function mayBeEqual(a: Spelling, b: Spelling): boolean {
  const differing = [...a.letters.keys()].filter((name) => a.byName.includes(name) !== b.byName.includes(name));
  const isConstant = ({ letters }: Spelling, name: string): boolean => "lf".includes(letters.get(name) ?? "?");
  return differing.every((name) => !isConstant(a, name) || !isConstant(b, name));
}
