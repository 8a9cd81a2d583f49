// What is done to containers: the file's own and those of other files.

import type { Circumstances } from "./circumstances.ts";
import type { BoundNames } from "./extract-containers.ts";
import type { FactDraft } from "./fact-draft.ts";
import { SITE, type ContainerFact, type SiteFact } from "./facts.ts";
import { elementSource } from "./element-of.ts";
import { isDoneOnce } from "./first-time.ts";
import { keyGuardsOf } from "./key-guards.ts";
import { lengthLimitOf } from "./length-limit.ts";
import { namedPlace } from "./names-in-file.ts";
import { originOf } from "./origins.ts";
import type { Origin } from "./origin.ts";
import { reflectiveUse } from "./reflective-sites.ts";
import { lookUp } from "./scopes.ts";
import type { Attribute, Call, Expression, Name } from "./tree.ts";
import { useOfPlace, type PlaceUse } from "./use-of-place.ts";

/** A site before the guards of its function are known. */
interface SiteDraft extends Omit<SiteFact, "flags"> {
  flags: number;
}

export function extractSites(
  draft: FactDraft,
  bound: BoundNames,
): { readonly containers: readonly ContainerFact[]; readonly sites: readonly SiteFact[] } {
  const words = knownWords(bound);
  const sites: SiteDraft[] = [];
  for (const place of draft.uses) {
    const site = siteAt(draft, bound, words, place);
    if (site !== null) sites.push(site);
  }
  for (const call of draft.calls) {
    const site = reflectiveSite(draft, bound, call);
    if (site !== null) sites.push(site);
  }
  markGuarded(sites);
  const captured = capturedNames(sites, bound);
  const isKept = (name: string): boolean => bound.containers.get(name)?.holder !== "closure-cell" || captured.has(name);
  return {
    containers: [...bound.containers].filter(([name]) => isKept(name)).map(([, fact]) => fact),
    sites: sites.filter(({ on }) => isKept(on)).map(withoutZero),
  };
}

function withoutZero({ flags, ...site }: SiteDraft): SiteFact {
  return flags === 0 ? site : { ...site, flags };
}

/** Last words of the names of the file's containers: most uses are of other things, and that is seen at once. */
function knownWords({ containers }: BoundNames): ReadonlySet<string> {
  return new Set([...containers.keys()].map((name) => name.slice(name.lastIndexOf(".") + 1)));
}

function siteAt(
  draft: FactDraft,
  bound: BoundNames,
  words: ReadonlySet<string>,
  place: Name | Attribute,
): SiteDraft | null {
  const used = useOfPlace(place);
  if (used === null || bound.definitions.has(place)) return null;
  const inner = place.kind === "name" ? siteInElement(draft, bound, used, place) : null;
  if (inner !== null) return inner;
  const isKnownWord = words.has(place.kind === "name" ? place.id : place.name);
  const isChange = used.action === "grow" || used.action === "remove";
  // A local name may stand for a container; it is followed when something is done to it.
  if (!isKnownWord && !isChange && !mayBeForeign(place, used)) return null;
  const named = namedPlace(draft.file, place);
  if (named === null && place.kind === "attribute" && used.action === "remove")
    return makeSite(draft, { name: `.${place.name}`, isAlias: true }, used, place);
  if (named === null || !isWorthKeeping(draft, bound, named.name, used, place)) return null;
  return withDoneOnce(makeSite(draft, named, used, place), draft, bound, place);
}

/** What an object adds to a container of its own, once in its life. */
function withDoneOnce(
  site: SiteDraft,
  { file }: FactDraft,
  { containers }: BoundNames,
  place: Name | Attribute,
): SiteDraft {
  if (site.action !== "grow" || place.kind !== "attribute") return site;
  const isOfObject = containers.get(site.on)?.holder === "instance-attribute";
  return isOfObject && isDoneOnce(file, place) ? { ...site, flags: site.flags | SITE.once } : site;
}

/** `row = TABLE[key]; row.clear()`, as `TABLE[key].clear()`. What grows must be known to be a container, not an object. */
function siteInElement(draft: FactDraft, bound: BoundNames, used: PlaceUse, place: Name): SiteDraft | null {
  if (used.action !== "grow" && used.action !== "remove") return null;
  const source = elementSource(draft.file, place);
  if (source === null || (used.action === "grow" && !source.isContainer)) return null;
  const named = namedPlace(draft.file, source.container);
  if (named === null || !isWorthKeeping(draft, bound, named.name, used, source.container)) return null;
  const how = `[].${used.how}`;
  return makeSite(draft, { ...named, isAlias: true }, { ...used, how, key: source.key ?? used.key }, place);
}

/** Reads and rebindings of other modules' names: only of what looks like a constant or an attribute of a module. */
function mayBeForeign(place: Name | Attribute, used: PlaceUse): boolean {
  if (used.action === "rebind") return place.kind === "attribute" && !isReceiver(place.object);
  const word = place.kind === "name" ? place.id : place.name;
  return /^_*[A-Z][A-Z0-9_]+$/.test(word);
}

function isReceiver(expression: Expression): boolean {
  return expression.kind === "name" && (expression.id === "self" || expression.id === "cls");
}

function isWorthKeeping(
  { file }: FactDraft,
  { containers }: BoundNames,
  name: string,
  used: PlaceUse,
  place: Name | Attribute,
): boolean {
  if (containers.has(name)) return true;
  if (name.includes("<locals>") || name.includes("<defaults>")) return false;
  const isOwn = name.startsWith(`${file.module}.`);
  if (!isOwn) return name.includes(".");
  // An attribute that this file binds to no container: a base class or an object of another file may.
  if (place.kind === "name") return isStarred(file, place);
  return used.action !== "read" && used.action !== "escape" && used.action !== "rebind";
}

/** A name that only a star import can have brought. O(depth of scopes). */
function isStarred({ scopes }: FactDraft["file"], name: Name): boolean {
  return scopes.module.starImports.length > 0 && lookUp(scopes.scopeOf(name), name.id) === null;
}

/** `globals()["CACHE"].clear()` and the like. */
function reflectiveSite(draft: FactDraft, { containers }: BoundNames, call: Call): SiteDraft | null {
  const used = reflectiveUse(draft.file, call);
  if (used === null || (used.name.startsWith(`${draft.file.module}.`) && !containers.has(used.name))) return null;
  const { function: around, flags } = draft.circumstancesOf(call);
  const { name, action, how } = used;
  return { on: name, action, how, inside: draft.indexOf(around), at: draft.placeOf(call), flags };
}

function makeSite(
  draft: FactDraft,
  { name, isAlias }: { readonly name: string; readonly isAlias: boolean },
  used: PlaceUse,
  place: Name | Attribute,
): SiteDraft {
  const circumstances = draft.circumstancesOf(place);
  const inside = draft.indexOf(circumstances.function);
  const isChange = used.action === "grow" || used.action === "remove" || used.action === "set";
  return {
    on: name,
    action: used.action,
    how: used.how,
    inside,
    at: draft.placeOf(isChange ? used.node : place),
    ...originField("key", draft, used.key, isChange || used.how === "in"),
    ...originField("value", draft, used.value, isChange),
    ...(used.action === "grow" ? limitField(draft, place, name) : {}),
    flags:
      circumstances.flags |
      (used.asValue === true ? SITE.asValue : 0) |
      (isAlias ? SITE.alias : 0) |
      (circumstances.tests.length > 0 ? SITE.conditional : 0) |
      (isBuiltOnce(circumstances, place) ? SITE.once : 0) |
      (used.action === "grow" ? keyGuardsOf(draft.file, place, used.key ?? used.value, name) : 0),
  };
}

function originField(
  field: "key" | "value",
  draft: FactDraft,
  expression: Expression | null,
  isWanted: boolean,
): { readonly key?: Origin; readonly value?: Origin } {
  if (expression === null || !isWanted) return {};
  const origin = originOf(draft.file, expression);
  return origin.from === "unknown" ? {} : { [field]: origin };
}

function limitField({ file }: FactDraft, place: Expression, name: string): Pick<SiteFact, "limit"> {
  const limit = lengthLimitOf(file, place, name);
  return limit === null ? {} : { limit };
}

/** Under `if x is None:` or `if not x:` of the same place. */
function isBuiltOnce({ tests }: Circumstances, place: Expression): boolean {
  return tests.some((test) => {
    if (test.kind === "compare" && (test.op === "is" || test.op === "==")) return isSame(test.left, place);
    return test.kind === "operation" && test.op === "not" && test.operands.some((operand) => isSame(operand, place));
  });
}

function isSame(a: Expression, b: Expression): boolean {
  if (a.kind === "name") return b.kind === "name" && a.id === b.id;
  return a.kind === "attribute" && b.kind === "attribute" && a.name === b.name && isSame(a.object, b.object);
}

/** A comparison of `len(x)`, or `k in x`, guards what the same function does to `x`. Linear in the sites. */
function markGuarded(sites: readonly SiteDraft[]): void {
  const guards = new Map<string, number>();
  const key = ({ on, inside }: SiteDraft): string => `${inside} ${on}`;
  for (const site of sites) {
    const guard = guardOf(site);
    if (guard !== 0) guards.set(key(site), (guards.get(key(site)) ?? 0) | guard);
  }
  for (const site of sites) if (site.action !== "read") site.flags |= guards.get(key(site)) ?? 0;
}

function guardOf({ action, how }: SiteDraft): number {
  if (action !== "read") return 0;
  if (how === "len" || how === "qsize" || how === "full") return SITE.lengthGuard;
  return how === "in" || how === "get" || how === "__contains__" ? SITE.memberGuard : 0;
}

/** Variables of functions that inner functions use. */
function capturedNames(sites: readonly SiteDraft[], { containers }: BoundNames): ReadonlySet<string> {
  const captured = new Set<string>();
  for (const { on, inside } of sites) {
    const container = containers.get(on);
    if (container?.holder === "closure-cell" && container.inside !== inside) captured.add(on);
  }
  return captured;
}
