// Every cache of a heap, of every family, and what its entries are.

import type { Addr, NodeIx } from "../../base/brand.ts";
import type { Holder } from "../../model/holder.ts";
import type { CacheBound, CacheDeclaration, CacheFamily, CacheOrigin, KeyShape } from "../../model/cache-inventory.ts";
import type { Gauge } from "../../model/gauge.ts";
import type { CounterPlace, ObjectPlace } from "../../model/object-place.ts";
import { entriesOf, qualifiedName } from "../analysis/edges.ts";
import { isGarbage } from "../analyse.ts";
import { describeHolder, holderTrail } from "../holders/holder-of.ts";
import { type OwnedHeap, sharedBytesOf } from "../holders/ownership.ts";
import { codeOfFunction, moduleOfFunction } from "../paths/words.ts";
import type { Snapshot, TypeRow } from "../snapshot.ts";
import { asyncLru } from "./families/async-lru.ts";
import { findCachedProperties } from "./families/cached-property.ts";
import { cachebox } from "./families/cachebox.ts";
import { cachelib } from "./families/cachelib.ts";
import { cachetools } from "./families/cachetools.ts";
import { deadweightCached } from "./families/deadweight-cached.ts";
import { djangoLocmem } from "./families/django-locmem.ts";
import { jinja2 } from "./families/jinja2.ts";
import { findLruCaches } from "./families/lru-cache.ts";
import { findPlainDicts } from "./families/plain-dicts.ts";
import { type CacheFamilyByType, type FoundCache, placeOf } from "./found-cache.ts";
import type { KeptCall } from "./call-spellings.ts";
import { floatKeysOf, keptCallsOf, keyShapeOf } from "./key-shape.ts";

/** A cache of one process, with everything the heap says about it. */
export interface CacheInHeap {
  readonly name: string;
  readonly family: CacheFamily;
  readonly origin: CacheOrigin;
  readonly holder: Holder;
  readonly file: string | null;
  readonly line: number | null;
  readonly bound: CacheBound;
  readonly entries: number | null;
  readonly hits: number | null;
  readonly misses: number | null;
  readonly retainedBytes: number;
  readonly sharedBytes: number;
  readonly keys: KeyShape | null;
  readonly declared: CacheDeclaration | null;
  readonly notes: readonly string[];
  /** Counters to be read while the process runs; null where there are none but those of the gauge. */
  readonly counters: CounterPlace | null;
  /** An OrderedDict whose order is that of use; null where none is known. */
  readonly order: ObjectPlace | null;
  /** Addresses of floats among the keys, some thousand at most: only the process can say whether they are NaN. */
  readonly floatKeys: readonly Addr[];
  /** Where some are spelled with names: only the process can say which values are equal. */
  readonly keptCalls: readonly KeptCall[];
  /** To follow its size while the process runs; null when its entries are not in one container. */
  readonly gauge: Gauge | null;
}

const BY_TYPE: readonly CacheFamilyByType[] = [
  deadweightCached,
  cachetools,
  asyncLru,
  djangoLocmem,
  cachelib,
  jinja2,
  cachebox,
];

/**
 * `named`: dicts with a name, `grew`: those that grew while the process was watched. Caches that are garbage are left out.
 * O(nodes + entries).
 */
export function findCaches(heap: OwnedHeap, named: readonly NodeIx[], grew: ReadonlySet<number>): CacheInHeap[] {
  const found = [...findLruCaches(heap), ...findByType(heap), ...findCachedProperties(heap)];
  const taken = new Set(found.flatMap(({ node, entries }) => [node, entries ?? node]));
  const dicts = findPlainDicts(heap, named, (node) => taken.has(node), grew);
  return [...found, ...dicts].filter(({ node }) => !isGarbage(heap, node)).map((cache) => describe(heap, cache));
}

function findByType(heap: OwnedHeap): FoundCache[] {
  const { snapshot } = heap;
  const families = snapshot.types.map((type) => familyOf(snapshot, type));
  if (families.every((family) => family === null)) return [];
  const found: FoundCache[] = [];
  for (let row = 1; row < snapshot.nodes.count; row++) {
    const cache = families[snapshot.nodes.type[row]!]?.read(heap, row as NodeIx) ?? null;
    if (cache !== null) found.push(cache);
  }
  return found;
}

const DEEPEST_BASE = 50;

function familyOf({ types }: Snapshot, start: TypeRow): CacheFamilyByType | null {
  let type: TypeRow | undefined = start;
  for (let depth = 0; type !== undefined && depth < DEEPEST_BASE; depth++) {
    const name = qualifiedName(type);
    const family = BY_TYPE.find((each) => each.types.includes(name));
    if (family !== undefined) return family;
    type = type.base < 0 ? undefined : types[type.base];
  }
  return null;
}

function describe(heap: OwnedHeap, cache: FoundCache): CacheInHeap {
  const { snapshot } = heap;
  const { counters = null, declared = null, order } = cache;
  const holder = describeHolder(heap, cache.node, holderTrail(heap, cache.node));
  const place = placeIn(heap, cache, holder);
  return {
    name: nameOf(heap, cache, holder),
    family: cache.family,
    origin: originOf(place.file),
    holder,
    ...place,
    bound: cache.bound,
    entries: cache.spread?.entries ?? (cache.entries === null ? null : entriesOf(snapshot, cache.entries)),
    ...callsIn(heap, cache),
    ...bytesOf(heap, cache),
    keys: keyShapeOf(heap, cache),
    floatKeys: floatKeysOf(heap, cache),
    keptCalls: keptCallsOf(heap, cache),
    declared,
    notes: cache.notes,
    counters,
    order: order === undefined ? null : placeOf(snapshot, order),
    gauge: gaugeOf(heap, cache),
  };
}

/** Of the function that is cached; of the module otherwise. */
function placeIn(heap: OwnedHeap, { cached }: FoundCache, holder: Holder): Pick<CacheInHeap, "file" | "line"> {
  const code = cached === null ? null : codeOfFunction(heap, cached);
  return { file: code?.file ?? holder.file, line: code?.firstLine ?? holder.line };
}

function callsIn({ lruOf }: OwnedHeap, { counted, node }: FoundCache): Pick<CacheInHeap, "hits" | "misses"> {
  const calls = counted ?? lruOf.get(node);
  return { hits: calls?.hits ?? null, misses: calls?.misses ?? null };
}

/** `shop.pricing.quote` for what caches a function; the holder's place for everything else. */
function nameOf(heap: OwnedHeap, { cached, nameFor }: FoundCache, holder: Holder): string {
  if (nameFor !== undefined) return nameFor(plainPath(holder));
  const code = cached === null ? null : codeOfFunction(heap, cached);
  if (cached === null || code === null) return plainPath(holder);
  const module = moduleOfFunction(heap, cached);
  return module === null ? code.qualname : `${module}.${code.qualname}`;
}

/** By the file; modules without one are built into the interpreter. */
function originOf(file: string | null): CacheOrigin {
  if (file === null || file.startsWith("<frozen")) return "standard";
  if (/\/(?:site|dist)-packages\//.test(file)) return "library";
  return /\/lib\/python\d\.\d+\//.test(file) ? "standard" : "program";
}

/** `sys.modules['app.sessions'].CACHE` is `app.sessions.CACHE` to a person. */
function plainPath({ path }: Holder): string {
  return path.replace(/^sys\.modules\['([^']+)'\]/, "$1");
}

/** A cache object may share its entries with another place (Django's registry of local caches): the larger counts. */
function bytesOf(
  heap: OwnedHeap,
  { node, entries, spread, family }: FoundCache,
): {
  readonly retainedBytes: number;
  readonly sharedBytes: number;
} {
  if (spread !== undefined) return { retainedBytes: spread.retainedBytes, sharedBytes: 0 };
  // What a decorator keeps beside the entries stays when they go.
  const isWrapper = family === "functools.lru_cache" || family === "deadweight.cached";
  const holder = isWrapper || entries === null ? (entries ?? node) : node;
  const main = entries !== null && heap.retainedBytes[entries]! > heap.retainedBytes[holder]! ? entries : holder;
  return { retainedBytes: heap.retainedBytes[main]!, sharedBytes: Math.max(0, sharedBytesOf(heap, main)) };
}

function gaugeOf(heap: OwnedHeap, { family, node, entries, bound, boundAt }: FoundCache): Gauge | null {
  const { snapshot, lruOf } = heap;
  const followed = family === "functools.lru_cache" ? node : entries;
  if (followed === null) return null;
  const place = placeOf(snapshot, followed);
  if (place === null) return null;
  return {
    kind: family === "functools.lru_cache" ? "lru-cache" : "dict",
    ...place,
    node: followed,
    entries: lruOf.get(followed)?.entries ?? entriesOf(snapshot, followed) ?? 0,
    bound: bound.kind === "entries" ? bound.entries : null,
    boundAt,
  };
}
