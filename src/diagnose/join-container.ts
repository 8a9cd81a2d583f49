// A container that the project index knows: its sites are all there is to say.

import { growsUpTo } from "../python/grows-up-to.ts";
import { sitesThat, type ContainerDefinition, type ContainerSite } from "../python/definitions.ts";
import { BEHIND_CALLERS, callersInProgram } from "./calls-of.ts";
import type { NamedPlace } from "./places-on-path.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { makesType, rankOf, type RankedLine } from "./rank-sites.ts";
import { NO_JOIN, sitesOf, type SourceJoin } from "./source-join.ts";

/**
 * Null unless one of the places is a container that something fills; the innermost wins. own: of the program. called: of a
 * library, and lines of the program lead to where it is filled. library: whatever the library's own lines say.
 */
export function joinContainer(
  source: ProcessSource,
  places: readonly NamedPlace[],
  mostly: string | null,
  whose: "own" | "called" | "library",
): SourceJoin | null {
  for (const place of places.toReversed()) {
    const container = containerAt(source, place);
    if (container === null || source.isOwn(container.module.path) !== (whose === "own")) continue;
    const join = joinOf(source, container, place.nested, mostly);
    const isWanted = whose !== "called" || join.inserts.some(({ file }) => source.isOwn(file));
    if (join.inserts.length > 0 && isWanted) return join;
  }
  return null;
}

function containerAt({ project }: ProcessSource, { names }: NamedPlace): ContainerDefinition | null {
  for (const name of names) {
    const container = project.containerOf(name);
    if (container !== null) return container;
  }
  return null;
}

/** What fills and empties a container; for one of a library, the program's calls that lead there. */
export function joinOf(
  source: ProcessSource,
  container: ContainerDefinition,
  nested: number,
  mostly: string | null,
): SourceJoin {
  const fills = [...sitesThat(container, "grow").filter(isOfProgram), ...readsThatFill(container)];
  const inner = fills.filter(({ fact }) => fact.how.startsWith("[]") && fact.how !== "[]=");
  // `REGISTRY[key].append(x)` fills the lists inside; a new list for each key is the other way to grow.
  const wanted = nested > 0 && inner.length > 0 ? inner : fills;
  const { fact, module } = container;
  const isOwn = source.isOwn(module.path);
  const sites = wanted.length > 0 ? wanted : handedOn(container);
  const inserts = isOwn ? lines(source, sites, mostly) : throughLibrary(source, sites, mostly);
  return {
    ...NO_JOIN,
    declared: siteAt(source, module.path, fact.at[0]),
    inserts: sitesOf(source, inserts),
    removals: sitesOf(source, lines(source, removalsOf(container), null)),
    // What is inside of its values has no part in its length.
    bound: nested > 0 ? fact.bound : growsUpTo(container),
    container,
    through: isOwn ? null : `\`${container.name}\` of ${module.module.split(".")[0] ?? ""}`,
  };
}

/** A `defaultdict` makes what it does not find. */
function readsThatFill(container: ContainerDefinition): readonly ContainerSite[] {
  if (!/(?:^|\.)defaultdict$/.test(container.fact.type)) return [];
  return sitesThat(container, "read").filter(({ fact }) => fact.how === "[]");
}

/** Somebody who is handed the container may fill it. */
function handedOn(container: ContainerDefinition): readonly ContainerSite[] {
  return sitesThat(container, "escape", "set").filter(({ fact }) => fact.how !== "return");
}

function lines(source: ProcessSource, sites: readonly ContainerSite[], mostly: string | null): readonly RankedLine[] {
  return sites.map(({ module, fact, function: around }) => ({
    file: module.path,
    line: fact.at[0],
    rank: rankOf(source.project, around, fact.flags) + makesType(fact.value, mostly),
  }));
}

function throughLibrary(
  source: ProcessSource,
  sites: readonly ContainerSite[],
  mostly: string | null,
): readonly RankedLine[] {
  const callers = sites.flatMap(({ function: around }) => (around === null ? [] : callersInProgram(source, around)));
  return [...callers, ...lines(source, sites, mostly).map((line) => ({ ...line, rank: BEHIND_CALLERS + line.rank }))];
}

function isOfProgram({ fact }: ContainerSite): boolean {
  return fact.how !== "[:]=";
}

/** Also a new container under the same name, while the program runs. */
function removalsOf(container: ContainerDefinition): readonly ContainerSite[] {
  return sitesThat(container, "remove", "rebind").filter(
    ({ function: around }) => around !== null && !isForTests(around.fact.name),
  );
}

/** `_reset_for_tests()`. */
function isForTests(name: string): boolean {
  return /(?:^|_)tests?(?:ing)?(?:_|$)/i.test(name);
}
