// From a holder in the heap to lines of source. Ways are tried from the surest to the vaguest; the first that finds a line
// which fills the holder is the answer.

import { boundOfClass } from "./bound-of-class.ts";
import { callsInLibraries, callsWhere, fitsNamed } from "./calls-of.ts";
import { joinHandedOver, joinMakings } from "./join-objects.ts";
import { joinContainer } from "./join-container.ts";
import { joinCycle } from "./join-cycle.ts";
import { joinCache, joinFunctionAttribute, joinSuspended, joinVariable } from "./join-function.ts";
import { registryOf } from "./library-calls.ts";
import { functionAtLine } from "./line-owner.ts";
import { placesOnPath, type NamedPlace } from "./places-on-path.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { rankOf, type RankedLine } from "./rank-sites.ts";
import { MOST_SITES, NO_JOIN, sitesOf, type JoinAsked, type SourceJoin } from "./source-join.ts";
import { sitesInText } from "./text-sites.ts";

/** Never fails: a holder that no source mentions has no lines. */
export function joinSource(source: ProcessSource, asked: JoinAsked): SourceJoin {
  switch (asked.holder.kind) {
    case "garbage-cycle":
      return joinCycle(source, asked);
    case "native":
      return (
        joinHandedOver(source, asked, "everybody") ??
        joinRegistry(source, asked) ??
        joinMakings(source, asked) ??
        NO_JOIN
      );
    case "cache":
      return joinCache(source, asked);
    default: {
      const join = joinPlace(source, asked);
      return { ...join, bound: join.bound ?? boundOfClass(source, asked.holder.type) };
    }
  }
}

function joinPlace(source: ProcessSource, asked: JoinAsked): SourceJoin {
  const places = placesOnPath(asked.steps, source.moduleInProject);
  const variable = places.findLast(({ kind }) => kind !== "attribute");
  const after = variable === undefined ? places : places.filter(({ step }) => step > variable.step);
  const ways: readonly (() => SourceJoin | null)[] = [
    () => withCallers(source, asked, joinContainer(source, after, asked.mostly, "own")),
    () => firstOf(after.toReversed(), (place) => joinFunctionAttribute(source, asked, place)),
    () => (variable === undefined ? joinThreadLocal(source, asked, places) : joinVariable(source, asked, variable)),
    () => (asked.holder.kind === "task" ? joinSuspended(source, asked) : null),
    () => (isOwnName(source, after.at(-1)) ? joinByText(source, after) : null),
    () => joinThreads(source, asked),
    () => joinRegistry(source, asked),
    () => joinContainer(source, after, asked.mostly, "called"),
    () => joinByText(source, after),
    () => joinObject(source, after),
    () => joinHandedOver(source, asked, "own"),
    () => joinMakings(source, asked),
    () => joinContainer(source, after, asked.mostly, "library"),
  ];
  let best: SourceJoin | null = null;
  for (const way of ways) {
    const join = way();
    if (join !== null && join.inserts.length > 0) return join;
    best ??= join;
  }
  return best ?? NO_JOIN;
}

function firstOf<Item>(items: readonly Item[], joinBy: (item: Item) => SourceJoin | null): SourceJoin | null {
  for (const item of items) {
    const join = joinBy(item);
    if (join !== null) return join;
  }
  return null;
}

/** The attribute of a `threading.local`: the path may begin at the thread, which does not say whose attribute it is. */
function joinThreadLocal(source: ProcessSource, asked: JoinAsked, places: readonly NamedPlace[]): SourceJoin | null {
  const word = places.at(-1)?.word ?? /<thread-local>\.(\w+)/.exec(asked.holder.path)?.[1];
  if (asked.holder.kind !== "thread-local" || word === undefined) return null;
  const files = source.project.files.filter(({ path }) => source.isOwn(path));
  const users = files.filter(({ path }) => source.linesOf(path).some((line) => /\blocal\b/.test(line)));
  return joinTextIn(
    source,
    users.map(({ path }) => path),
    word,
  );
}

/** Threads that do not end: of all lines that start one, those that hand over what these run. */
function joinThreads(source: ProcessSource, asked: JoinAsked): SourceJoin | null {
  if (!/^thread |threading'\]\._active$/.test(asked.holder.path)) return null;
  const code = asked.code ?? asked.codes.find((each) => each !== null) ?? null;
  return joinHandedOver(source, { ...asked, code }, "everybody");
}

/** A registry of a library: the program's calls that put something in. */
function joinRegistry(source: ProcessSource, { holder, steps }: JoinAsked): SourceJoin | null {
  const registry = registryOf(holder, steps);
  if (registry === null) return null;
  const exact = new Set(registry.fills);
  const byName = (callee: string): number => (exact.has(callee) || exact.has(source.project.resolve(callee)) ? -1 : 1);
  const fits = fitsNamed(registry.fills);
  const object = ownObjectOn(source, steps);
  // The program calls this very object: other registries of the kind have nothing to do with it.
  const onObject =
    object === null
      ? []
      : callsWhere(source, (callee, resolved) => isCalledOn(object, callee, resolved) && fits(callee, resolved));
  const own = onObject.length > 0 ? onObject : callsWhere(source, fits, byName);
  const owners = new Set(registry.fills.map((name) => name.split(".")[0]));
  // A name alone may mislead; among libraries the registry has to lie where the functions that fill it do.
  const names = [holder.module ?? "", ...steps.map(({ type }) => type)];
  const isTheirs = names.some((name) => owners.has(name.split(".")[0]));
  const fills =
    own.length > 0 || !isTheirs
      ? own
      : callsInLibraries(source, fits, ({ module }) => !owners.has(module.split(".")[0]));
  if (fills.length === 0) return null;
  const empties = registry.empties.length === 0 ? [] : callsWhere(source, fitsNamed(registry.empties));
  return { ...NO_JOIN, inserts: sitesOf(source, fills), removals: sitesOf(source, empties), through: registry.what };
}

/** Behind the line of a method that fills: who calls that method of this very object, of which there may be several. */
function withCallers(source: ProcessSource, { steps }: JoinAsked, join: SourceJoin | null): SourceJoin | null {
  const object = join === null ? null : ownObjectOn(source, steps);
  if (join === null || object === null) return join;
  const methods = new Set(join.inserts.map((site) => functionAtLine(source.project, site)?.fact.name ?? ""));
  const calls = callsWhere(source, (callee, resolved) =>
    [callee, resolved].some(
      (called) => methods.has(called.slice(object.length + 1)) && isCalledOn(object, called, called),
    ),
  );
  const known = new Set(join.inserts.map(({ file, line }) => `${file}:${line}`));
  const further = sitesOf(source, calls).filter(({ file, line }) => !known.has(`${file}:${line}`));
  return { ...join, inserts: [...join.inserts, ...further].slice(0, MOST_SITES) };
}

/** The object on the way that a module of the program names: `app.stack` for `app.stack._exit_callbacks`. */
function ownObjectOn(source: ProcessSource, steps: JoinAsked["steps"]): string | null {
  const [first] = placesOnPath(steps, source.moduleInProject);
  const names = first?.kind === "attribute" ? first.names : [];
  return names.find((name) => filesOf(source, name).slice(0, 1).some(source.isOwn)) ?? null;
}

function isCalledOn(object: string, callee: string, resolved: string): boolean {
  return [callee, resolved].some((called) => called.startsWith(`${object}.`));
}

/** A name that the index knows as no container: `CACHE = make_cache()`. */
function joinByText(source: ProcessSource, places: readonly NamedPlace[]): SourceJoin | null {
  for (const place of places.toReversed()) {
    const files = place.names.flatMap((name) => filesOf(source, name)).filter((file) => source.isOwn(file));
    const join = files.length === 0 ? null : joinTextIn(source, [...new Set(files)], place.word);
    if (join !== null && join.inserts.length > 0) return join;
  }
  return null;
}

function isOwnName(source: ProcessSource, place: NamedPlace | undefined): boolean {
  return place !== undefined && place.names.some((name) => filesOf(source, name).some((file) => source.isOwn(file)));
}

/** The file that defines the name first, then those that import its module. */
function filesOf({ project }: ProcessSource, name: string): readonly string[] {
  let module = name;
  while (module.includes(".") && project.moduleOf(module) === null) module = module.slice(0, module.lastIndexOf("."));
  const owner = project.moduleOf(module);
  if (owner === null) return [];
  const users = project.files.filter((file) =>
    file.imports.some(({ target }) => target === module || target.startsWith(`${module}.`)),
  );
  return [owner.path, ...users.map(({ path }) => path)];
}

function joinTextIn(source: ProcessSource, files: readonly string[], word: string): SourceJoin | null {
  let declared: SourceJoin["declared"] = null;
  const fills: RankedLine[] = [];
  const empties: RankedLine[] = [];
  for (const file of files) {
    const found = sitesInText(source, file, word);
    if (found.declared !== null) declared ??= siteAt(source, file, found.declared);
    for (const line of found.inserts) fills.push({ file, line, rank: rankAt(source, file, line) });
    for (const line of found.assigned) {
      if (line !== found.declared) fills.push({ file, line, rank: rankAt(source, file, line) + 2 });
    }
    for (const line of found.removals) empties.push({ file, line, rank: rankAt(source, file, line) });
  }
  if (declared === null && fills.length === 0) return null;
  return { ...NO_JOIN, declared, inserts: sitesOf(source, fills), removals: sitesOf(source, empties) };
}

/** By the innermost function around the line. */
function rankAt({ project }: ProcessSource, file: string, line: number): number {
  const around = project.functions
    .filter(({ module, fact }) => module.path === file && fact.at[0] <= line && line <= fact.endLine)
    .toSorted((a, b) => b.fact.at[0] - a.fact.at[0]);
  return rankOf(project, around[0] ?? null);
}

const FILLING_WORD =
  /(?:add|append|put|set|regist|connect|subscrib|push|send|observe|label|create|insert|store|record|submit|log|get|new|open)/i;

/** An object of a library under a name of the program: whatever the program calls on it may fill it. */
function joinObject(source: ProcessSource, places: readonly NamedPlace[]): SourceJoin | null {
  for (const { names, word } of places.toReversed()) {
    const own = names.filter((name) =>
      filesOf(source, name)
        .slice(0, 1)
        .some((file) => source.isOwn(file)),
    );
    if (own.length === 0) continue;
    const calls = callsWhere(
      source,
      // Also the object itself: `price(article)` fills the cache of a decorated `price`.
      (callee, resolved) =>
        own.some((name) => [callee, resolved].some((called) => called === name || called.startsWith(`${name}.`))),
      (callee) => (own.includes(callee) || FILLING_WORD.test(callee.slice(callee.lastIndexOf(".") + 1)) ? -1 : 1),
    );
    const [file] = filesOf(source, own[0] ?? "");
    const line = file === undefined ? null : sitesInText(source, file, word).declared;
    const declared = file === undefined || line === null ? null : siteAt(source, file, line);
    if (calls.length > 0 || declared !== null) return { ...NO_JOIN, declared, inserts: sitesOf(source, calls) };
  }
  return null;
}
