// Whether the entries of a cache grow with what the program is given.

import type { RelatedLocation } from "../../model/finding.ts";
import type { Context } from "../../python/contexts.ts";
import type { ParameterFact } from "../../python/facts.ts";
import { isFiniteType } from "../../python/key-domain.ts";
import type { KnownCall, Project } from "../../python/project.ts";
import { callRange, callsOf, letterFor } from "./call-arguments.ts";
import type { CachedFunction } from "./cached-functions.ts";
import { isFiniteName } from "../growing-containers/finite-names.ts";
import { isStartedByHand } from "../repeated-calls/started-by-hand.ts";
import { customOf, isSurelyMany } from "./open-names.ts";

/** 3: what requests bring is in the key. 2: the chain was seen. 1: a piece is assumed. */
export interface KeyGrowth {
  readonly strength: 1 | 2 | 3;
  /** "`article` is what a route (Flask) is given": completes a message; "" when nothing is known. */
  readonly because: string;
  readonly related: readonly RelatedLocation[];
}

/** Null when the arguments are few: constants at every call, types with few values, calls only while importing. */
export function keyGrowthOf(
  project: Project,
  cached: CachedFunction,
  isMany: (parameter: ParameterFact) => boolean = isSurelyMany,
): KeyGrowth | null {
  const calls = callsOf(project, cached);
  if (calls.length > 0 && calls.every(({ caller }) => project.isImportTimeOnly(caller))) return null;
  const open = cached.parameters.filter((parameter) => !isFew(project, cached, parameter, calls));
  if (open.length === 0) return null;
  const growths = open.map((parameter) => growthBy(project, cached, parameter, calls, isMany));
  const strongest = growths.toSorted((a, b) => b.strength - a.strength)[0];
  return strongest ?? null;
}

function isFew(
  project: Project,
  cached: CachedFunction,
  parameter: ParameterFact,
  calls: readonly KnownCall[],
): boolean {
  if (parameter.annotation !== undefined && isFiniteType(project, parameter.annotation)) return true;
  // A default of True or False, and a name that does not speak against it: on or off.
  if (parameter.fallback === "bool" && customOf(parameter) !== "many") return true;
  const letters = calls.map(({ edge }) => letterFor(cached.parameters, parameter, edge.args));
  if (letters.length > 0) return letters.every((letter) => letter === null || "lfg".includes(letter));
  return parameter.fallback === "literal" && /^(?:is|has|with|use|include|allow)_/.test(parameter.name);
}

function growthBy(
  project: Project,
  cached: CachedFunction,
  parameter: ParameterFact,
  calls: readonly KnownCall[],
  isMany: (parameter: ParameterFact) => boolean,
): KeyGrowth {
  const custom = customOf(parameter);
  const known = calls.map((call) => growthByCall(project, cached, parameter, call, custom));
  const best = known.toSorted((a, b) => b.strength - a.strength)[0];
  if (best !== undefined && best.strength > 1) return best;
  const nothing: KeyGrowth = { strength: 1, because: "", related: best?.related ?? [] };
  if (custom !== "many" || !isMany(parameter) || isShortLived(project, cached, calls) || givesClient(cached))
    return nothing;
  return { ...nothing, strength: 2, because: `\`${parameter.name}\` may be anything` };
}

const INPUT_KINDS = /^(?:request|task|loop|event)$/;

function growthByCall(
  project: Project,
  { parameters }: CachedFunction,
  parameter: ParameterFact,
  call: KnownCall,
  custom: "many" | "few" | null,
): KeyGrowth {
  const letter = letterFor(parameters, parameter, call.edge.args);
  const context = inputContext(project, call);
  if (letter === null || "lfgm?".includes(letter) || context === null)
    return { strength: 1, because: "", related: [{ ...callRange(call), message: "is called here" }] };
  const { why, chain, kind } = context;
  // However many requests come: there are as many classes as the program has.
  if (isFiniteName(parameter.name)) return { strength: 1, because: "", related: [] };
  if (isInput(context, letter))
    return {
      strength: custom === "few" ? 2 : 3,
      because: `\`${parameter.name}\` is what ${why} is given`,
      related: [{ ...callRange(call), message: `${why} calls it with what it was given` }],
    };
  const reached = `${kind === "loop" ? "is" : "is reached from"} ${why}`;
  return {
    strength: custom === "few" || chain.length > LONGEST_CHAIN ? 1 : 2,
    because: `\`${parameter.name}\` is given by code that ${reached}`,
    related: [{ ...callRange(call), message: `is called here, which ${reached}` }],
  };
}

/** More calls between an entry point and this one, and what is passed may be something else. */
const LONGEST_CHAIN = 3;

/** Where the caller runs again and again; null when nothing says that it does. */
function inputContext(project: Project, { caller }: KnownCall): Context | null {
  const context = caller === null ? undefined : project.contextsOf(caller).find((each) => !isStartedByHand(each));
  return context !== undefined && context.isSure && INPUT_KINDS.test(context.kind) ? context : null;
}

/** The caller is the entry point itself, and hands on what it was given: what an attribute or an item is of cannot be told. */
function isInput({ chain, kind }: Context, letter: string): boolean {
  return chain.length <= 1 && (kind === "request" || kind === "task") && letter === "p";
}

/** `get_engine(host, user)`: there are as many as the program is set up with. By custom. */
function givesClient({ definition }: CachedFunction): boolean {
  return /(?:^|_)(?:engine|client|connection|pool|session|driver|redis)$/.test(definition.fact.name);
}

/** Only commands, `__main__` and tests call it: the process ends, and the cache with it. */
function isShortLived(project: Project, { definition }: CachedFunction, calls: readonly KnownCall[]): boolean {
  if (calls.length === 0) return false;
  return project.contextsOf(definition).every(({ kind }) => /^(?:command|main|test|import)$/.test(kind));
}
