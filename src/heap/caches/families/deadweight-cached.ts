// Our own decorator: a Store keeps the entries, and its policy, a named tuple, the bound (python/src/deadweight/_cache/store.py).

import type { NodeIx } from "../../../base/brand.ts";
import { addressOf } from "../../analysis/addresses.ts";
import { firstPositionalEdge, roleOf } from "../../analysis/edges.ts";
import type { Snapshot } from "../../snapshot.ts";
import { attributeOf } from "../attributes.ts";
import type { CacheFamilyByType } from "../found-cache.ts";

/** Place of `maxsize` in the policy. */
const MAXSIZE = 1;

export const deadweightCached: CacheFamilyByType = {
  family: "deadweight.cached",
  types: ["deadweight._cache.store.Store"],
  read({ snapshot }, node) {
    const entries = attributeOf(snapshot, node, "entries");
    const policy = attributeOf(snapshot, node, "policy");
    if (entries === null || policy === null) return null;
    const maxsize = elementOf(snapshot, policy, MAXSIZE);
    const isBounded = maxsize !== null && roleOf(snapshot, maxsize) === "int";
    return {
      family: "deadweight.cached",
      node,
      entries,
      bound: isBounded ? { kind: "unknown" } : { kind: "none" },
      boundAt: isBounded ? addressOf(snapshot.nodes, maxsize) : null,
      cached: null,
      notes: ["`deadweight caches clear` reaches it in all processes that have joined."],
      // The wrapper has it as an attribute, and as one of its names.
      nameFor: (path) => path.replace(/(?:\.cache|\.__globals__\['store'\])$/, ""),
    };
  },
};

function elementOf(snapshot: Snapshot, tuple: NodeIx, index: number): NodeIx | null {
  const { refs } = snapshot;
  const edge = firstPositionalEdge(snapshot, tuple) + index;
  return edge < refs.edgeStart[tuple + 1]! ? (refs.edgeTarget[edge]! as NodeIx) : null;
}
