// DevTools starts at one node. Below it stand the kinds of roots, and below those the roots themselves: what is alive
// because of a module, a running thread, the interpreter or C code, and what nothing reaches.

import type { NodeIx } from "../../base/brand.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import type { HeapAnalysis } from "../../heap/analyse.ts";
import { rootTrail } from "../../heap/paths/roots.ts";
import { ROOT_TIERS, type RootTier } from "../../heap/snapshot.ts";

export interface RootGroup {
  readonly name: string;
  readonly nodes: readonly NodeIx[];
  /** One per node; null where the position says as much. */
  readonly names: readonly (string | null)[];
}

const NAMES: Readonly<Record<RootTier, string>> = {
  modules: "(modules)",
  frames: "(threads)",
  "static-types": "(built-in types)",
  interpreter: "(interpreter)",
  native: "(native code)",
};

/** One group for each tier of roots, then one for garbage. Every accepted root is in one of them. */
export function rootGroups(analysis: HeapAnalysis): readonly RootGroup[] {
  const tierOf = tiersByNode(analysis);
  const groups = ROOT_TIERS.map((tier) => {
    const nodes = ([...analysis.rooted.roots] as NodeIx[]).filter((node) => (tierOf.get(node) ?? "native") === tier);
    const isNamed = tier !== "static-types" && tier !== "native";
    return { name: NAMES[tier], nodes, names: nodes.map((node) => (isNamed ? rootTrail(analysis, node).text : null)) };
  });
  const garbage = garbageNodes(analysis.rooted.parent);
  return [...groups, { name: "(garbage not collected yet)", nodes: garbage, names: garbage.map(() => null) }];
}

/** The first tier that names a node. */
function tiersByNode({ snapshot }: HeapAnalysis): ReadonlyMap<number, RootTier> {
  const tiers = new Map<number, RootTier>();
  for (const tier of ROOT_TIERS) {
    for (const root of snapshot.roots) if (root.tier === tier && !tiers.has(root.node)) tiers.set(root.node, tier);
  }
  return tiers;
}

function garbageNodes(parent: Uint32Array): NodeIx[] {
  const found: NodeIx[] = [];
  for (let node = 1; node < parent.length; node++) if (parent[node] === NO_NODE) found.push(node as NodeIx);
  return found;
}
