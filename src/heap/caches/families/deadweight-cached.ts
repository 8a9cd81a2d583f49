// Our own decorator: a Store keeps the entries, its policy, a named tuple, the options, and its tally what was counted
// (python/src/deadweight/_cache/store.py, policy.py, tally.py).

import type { NodeIx } from "../../../base/brand.ts";
import type { CacheDeclaration } from "../../../model/cache-inventory.ts";
import type { CounterPlace } from "../../../model/object-place.ts";
import { addressOf } from "../../analysis/addresses.ts";
import { firstPositionalEdge, roleOf, typeRowOf } from "../../analysis/edges.ts";
import { textOf } from "../../analysis/texts.ts";
import type { Snapshot } from "../../snapshot.ts";
import { attributeOf } from "../attributes.ts";
import { type CacheFamilyByType, placeOf } from "../found-cache.ts";

/** Places in the policy. */
const OPTION = { name: 0, maxsize: 1, maxBytes: 2, ttl: 3, namespace: 11, version: 12, tags: 13 } as const;

export const deadweightCached: CacheFamilyByType = {
  family: "deadweight.cached",
  types: ["deadweight._cache.store.Store"],
  read({ snapshot }, node) {
    const entries = attributeOf(snapshot, node, "entries");
    const policy = attributeOf(snapshot, node, "policy");
    if (entries === null || policy === null) return null;
    const maxsize = elementOf(snapshot, policy, OPTION.maxsize);
    const isBounded = maxsize !== null && roleOf(snapshot, maxsize) === "int";
    const bound = isBounded ? wordOf(snapshot, policy, OPTION.maxsize) : null;
    const name = wordOf(snapshot, policy, OPTION.name);
    const counters = countersOf(snapshot, node);
    return {
      family: "deadweight.cached",
      node,
      entries,
      bound: bound !== null ? { kind: "entries", entries: Number(bound) } : { kind: isBounded ? "unknown" : "none" },
      boundAt: isBounded ? addressOf(snapshot.nodes, maxsize) : null,
      cached: attributeOf(snapshot, node, "function"),
      order: entries,
      ...(counters === null ? {} : { counters }),
      declared: declarationOf(snapshot, policy),
      notes: ["`deadweight caches clear` reaches it in all processes that have joined."],
      // What commands call it. The wrapper has its store as an attribute, and as one of its names.
      nameFor: (path) => name ?? path.replace(/(?:\.cache|\.__globals__\['store'\])$/, ""),
    };
  },
};

function countersOf(snapshot: Snapshot, store: NodeIx): CounterPlace | null {
  const tally = attributeOf(snapshot, store, "tally");
  if (tally === null) return null;
  const [hits, words] = [attributeOf(snapshot, tally, "hits"), attributeOf(snapshot, tally, "words")];
  if (hits === null || words === null) return null;
  const [hitsAt, wordsAt] = [placeOf(snapshot, hits), placeOf(snapshot, words)];
  return hitsAt === null || wordsAt === null ? null : { hits: hitsAt, words: wordsAt };
}

function declarationOf(snapshot: Snapshot, policy: NodeIx): CacheDeclaration {
  const number = (option: number): number | null => {
    const word = wordOf(snapshot, policy, option);
    return word === null ? null : Number(word);
  };
  return {
    namespace: wordOf(snapshot, policy, OPTION.namespace),
    version: wordOf(snapshot, policy, OPTION.version) ?? "1",
    tags: tagsOf(snapshot, elementOf(snapshot, policy, OPTION.tags)),
    ttlSeconds: number(OPTION.ttl),
    maxBytes: number(OPTION.maxBytes),
  };
}

function tagsOf(snapshot: Snapshot, tags: NodeIx | null): string[] {
  if (tags === null) return [];
  if (typeRowOf(snapshot, tags).shape !== "sequence") return ["*"];
  const found: string[] = [];
  for (let index = 0; ; index++) {
    const tag = elementOf(snapshot, tags, index);
    if (tag === null) return found;
    found.push(textOf(snapshot.texts, tag) ?? "?");
  }
}

function wordOf(snapshot: Snapshot, policy: NodeIx, option: number): string | null {
  const node = elementOf(snapshot, policy, option);
  return node === null ? null : textOf(snapshot.texts, node);
}

function elementOf(snapshot: Snapshot, tuple: NodeIx, index: number): NodeIx | null {
  const { refs, edgeLabel } = snapshot;
  const edge = firstPositionalEdge(snapshot, tuple) + index;
  const isThere = edge < refs.edgeStart[tuple + 1]! && edgeLabel[edge] === 0;
  return isThere ? (refs.edgeTarget[edge]! as NodeIx) : null;
}
