// Holders that belong to a function: its cache, its default values, variables that closures and running code keep.

import type { FunctionDefinition } from "../python/definitions.ts";
import { BEHIND_CALLERS, callersInProgram, callsInLibraries, callsWhere, fitsNamed } from "./calls-of.ts";
import { findFunction, functionsAround } from "./find-function.ts";
import { joinContextVariable } from "./join-context-variable.ts";
import { joinOf } from "./join-container.ts";
import { TASK_MAKERS } from "./library-calls.ts";
import { functionAtLine } from "./line-owner.ts";
import { functionInPath, type NamedPlace, placesOnPath } from "./places-on-path.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { rankOf, type RankedLine } from "./rank-sites.ts";
import { NO_JOIN, sitesOf, type JoinAsked, type SourceJoin } from "./source-join.ts";
import { sitesInText } from "./text-sites.ts";

/** `functools.lru_cache`: every call with new arguments is an entry. */
export function joinCache(source: ProcessSource, { holder, steps }: JoinAsked): SourceJoin {
  const named = holder.module === null || holder.name === null ? null : holder.name.replace(/^.*<locals>\./, "");
  const cached =
    findFunction(source, holder.file, holder.line, named) ??
    source.project.functionOf(`${source.moduleInProject(holder.module ?? "")}.${holder.name ?? ""}`);
  if (cached === null) return joinNamedCache(source, holder) ?? NO_JOIN;
  const { module, fact } = cached;
  const decorator = fact.decorators.find(({ name }) => /cache/i.test(name));
  const callers = [...callersInProgram(source, cached), ...callsByOtherName(source, cached, steps)];
  const clears = callsWhere(source, (callee, resolved) =>
    [callee, resolved].some(
      (name) => name.endsWith(`.${fact.name}.cache_clear`) || name === `${cached.name}.cache_clear`,
    ),
  );
  return {
    ...NO_JOIN,
    declared: siteAt(source, module.path, decorator?.at[0] ?? fact.at[0]),
    inserts: sitesOf(source, callers.length > 0 ? callers : [{ file: module.path, line: fact.at[0], rank: 0 }]),
    removals: sitesOf(source, clears),
    function: cached,
  };
}

/**
 * `Adapter = lru_cache()(TypeAdapter)`: what is cached is a class, or C code, and no source has it. Its entries come from calls of the
 * name that the module gives it, or of another one in the same file. Null when nothing of the module was read.
 */
function joinNamedCache(source: ProcessSource, { module, name }: JoinAsked["holder"]): SourceJoin | null {
  const file = module === null ? null : source.project.moduleOf(source.moduleInProject(module));
  const word = name?.replace(/\.?<lru_cache>$/, "") ?? "";
  if (file === null || !/^\w+$/.test(word)) return null;
  const text = source.linesOf(file.path);
  const makes = (wanted: string): number =>
    text.findIndex((line) => new RegExp(`^\\s*${wanted}\\s*(?::[^=]+)?=(?!=)`).test(line));
  const others = text.flatMap((line) => new RegExp(`^\\s*(\\w+)\\s*=\\s*${word}\\s*$`).exec(line)?.[1] ?? []);
  const called = new RegExp(`(?<![\\w.])(?:${[word, ...others].join("|")})\\(`);
  const inside = text.flatMap((line, at) => {
    const around = called.test(line) ? functionAtLine(source.project, { file: file.path, line: at + 1 }) : null;
    if (around === null) return [];
    const isOwn = source.isOwn(file.path);
    const here = { file: file.path, line: at + 1, rank: (isOwn ? 0 : BEHIND_CALLERS) + rankOf(source.project, around) };
    return isOwn ? [here] : [here, ...callersInProgram(source, around)];
  });
  const outside = callsWhere(source, fitsNamed([word, ...others].map((each) => `${file.module}.${each}`)));
  const line = makes(word);
  return {
    ...NO_JOIN,
    declared: line < 0 ? null : siteAt(source, file.path, line + 1),
    inserts: sitesOf(source, [...outside.filter((site) => site.file !== file.path), ...inside]),
  };
}

/** A decorated method, or `self.parse = lru_cache()(parse)`: the cache is called by the name under which it is reached. */
function callsByOtherName(
  source: ProcessSource,
  cached: FunctionDefinition,
  steps: JoinAsked["steps"],
): readonly RankedLine[] {
  const places = placesOnPath(steps, source.moduleInProject);
  const place = places.findLast(({ kind, word }) => kind === "attribute" && word !== "__wrapped__");
  if (place === undefined || place.word === cached.fact.name) return [];
  const decorated = place.names.flatMap((name) => source.project.functionOf(name) ?? []);
  const callers = decorated.flatMap((definition) => callersInProgram(source, definition));
  if (decorated.length > 0) return callers.length > 0 ? callers : callersAnywhere(source, decorated);
  const named = fitsNamed([`.${place.word}`, ...place.names]);
  return [...callsWhere(source, named), ...callsInLibraries(source, named, () => true)];
}

/** No line of the program leads there by name: those of the library say how it is called. */
function callersAnywhere({ project }: ProcessSource, called: readonly FunctionDefinition[]): readonly RankedLine[] {
  return called.flatMap((definition) =>
    project.callersOf(definition).map(({ edge, caller, module }) => ({
      file: module.path,
      line: edge.line,
      rank: rankOf(project, caller, edge.flags),
    })),
  );
}

/** A variable of a function, by the place on the path that names it. Null when the function was not read. */
export function joinVariable(source: ProcessSource, asked: JoinAsked, place: NamedPlace): SourceJoin | null {
  const { holder, mostly } = asked;
  if (place.kind === "context") return joinContextVariable(source, place);
  const owner = findFunction(source, holder.file, holder.line, functionInPath(holder));
  if (owner === null) return null;
  const container = functionsAround(source, owner)
    .map(({ name }) => source.project.containerOf(`${name}.${SCOPES[place.kind]}.${place.word}`))
    .find((each) => each !== null);
  if (container !== undefined) {
    const join = joinOf(source, container, place.nested, mostly);
    if (join.inserts.length > 0) return { ...(inAttribute(source, owner, place.word, join) ?? join), function: owner };
  }
  return place.kind === "default" ? null : joinByText(source, owner, place);
}

/** `self.sink = sink`: the attribute is the same object, and what fills that fills the variable. Null when nothing does. */
function inAttribute(
  source: ProcessSource,
  owner: FunctionDefinition,
  word: string,
  { inserts, ...join }: SourceJoin,
): SourceJoin | null {
  const assigns = new RegExp(`^self\\.(\\w+)\\s*(?::[^=]+)?=.*\\b${word}\\b`);
  const attribute = inserts.flatMap(({ code }) => assigns.exec(code)?.[1] ?? [])[0];
  const made = source.project.classOf(owner.name.slice(0, owner.name.lastIndexOf(".")));
  if (attribute === undefined || made === null) return null;
  const { module, fact } = made;
  const found = sitesInText(source, module.path, `self.${attribute}`, { from: fact.at[0], to: fact.endLine });
  if (found.inserts.length === 0) return null;
  const ranked = (lines: readonly number[]): readonly RankedLine[] =>
    lines.map((line) => ({ file: module.path, line, rank: rankOf(source.project, owner) }));
  return {
    ...join,
    inserts: sitesOf(source, ranked(found.inserts)),
    removals: sitesOf(source, ranked(found.removals)),
  };
}

/**
 * An attribute of a function, as in `wrapper.calls = []`. Whatever name the program reaches it by: its code says what it is called
 * where that is written. Null when the place is none, or no line fills it.
 */
export function joinFunctionAttribute(
  source: ProcessSource,
  { codes }: JoinAsked,
  { step, word }: NamedPlace,
): SourceJoin | null {
  const code = codes[step - 1] ?? null;
  const owner = code === null ? null : findFunction(source, code.file, code.firstLine, code.qualname);
  if (owner === null) return null;
  const { module, fact } = owner;
  const outer = functionsAround(source, owner).at(-1) ?? owner;
  const range = outer === owner ? undefined : { from: outer.fact.at[0], to: outer.fact.endLine };
  const found = sitesInText(source, module.path, `${fact.name}.${word}`, range);
  if (found.inserts.length === 0) return null;
  const ranked = (numbers: readonly number[]): readonly RankedLine[] =>
    numbers.map((line) => ({ file: module.path, line, rank: rankOf(source.project, owner) }));
  return {
    ...NO_JOIN,
    declared: siteAt(source, module.path, found.declared ?? fact.at[0]),
    inserts: sitesOf(source, ranked(found.inserts)),
    removals: sitesOf(source, ranked(found.removals)),
    function: owner,
  };
}

const SCOPES: Readonly<Record<NamedPlace["kind"], string>> = {
  attribute: "<locals>",
  cached: "<locals>",
  local: "<locals>",
  closure: "<locals>",
  context: "<locals>",
  default: "<defaults>",
};

/** The innermost function around that mentions the variable: for a closure the one that binds it. */
function joinByText(source: ProcessSource, owner: FunctionDefinition, { word, kind }: NamedPlace): SourceJoin {
  for (const each of functionsAround(source, owner)) {
    const { module, fact } = each;
    const from = Math.min(fact.at[0], ...fact.decorators.map(({ at }) => at[0]));
    const found = sitesInText(source, module.path, word, { from, to: fact.endLine });
    if (found.declared === null && found.inserts.length === 0) continue;
    const inside = (numbers: readonly number[]): readonly RankedLine[] =>
      numbers.map((line) => ({ file: module.path, line, rank: rankOf(source.project, each) }));
    const declared = found.declared ?? fact.at[0];
    // What a closure keeps without changing it piles up with every call that makes the closure.
    const makers = kind === "closure" && found.inserts.length === 0 ? callersInProgram(source, each) : [];
    const fills = found.inserts.length > 0 ? inside(found.inserts) : inside([declared]);
    return {
      ...NO_JOIN,
      declared: siteAt(source, module.path, declared),
      inserts: sitesOf(source, makers.length > 0 ? makers : fills),
      removals: sitesOf(source, inside(found.removals)),
      function: owner,
    };
  }
  return { ...NO_JOIN, declared: siteAt(source, owner.module.path, owner.fact.at[0]), function: owner };
}

/** Coroutines and generators that wait: whoever starts them adds one more. */
export function joinSuspended(source: ProcessSource, { holder }: JoinAsked): SourceJoin | null {
  const name = functionInPath(holder);
  const waiting = findFunction(source, holder.file, holder.line, name);
  if (waiting === null) return null;
  const { module, fact } = waiting;
  const callers = callersInProgram(source, waiting);
  const makers = callers.length > 0 ? callers : callsWhere(source, fitsNamed(TASK_MAKERS));
  return {
    ...NO_JOIN,
    declared: siteAt(source, module.path, fact.at[0]),
    inserts: sitesOf(source, makers),
    function: waiting,
  };
}
