// Memory by module. An object counts for the module its shortest name starts with, so the shallow column adds up to the
// heap; `retained` is what would be freed if the module and its namespace went away, so it leaves out what others share.
// Objects that no module reaches are listed under <threads>, <types>, <interpreter>, <native> and <garbage>.

import type { ModuleUsage } from "../../model/heap-reports.ts";
import { printable } from "../../base/format-printable.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import { retainedBySet } from "../../graph/retained-by-set.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { shallowBytesOf } from "../analysis/edges.ts";
import type { NodeIx } from "../../base/brand.ts";

/** Groups by tier of the root, after which come garbage and the modules; tier 0 is what belongs to sys.modules itself. */
const OUTSIDE = ["<sys.modules>", "<threads>", "<types>", "<interpreter>", "<native>"] as const;
const GARBAGE = OUTSIDE.length;
const FIRST_MODULE = GARBAGE + 1;
const UNKNOWN = 0xffffffff;

/** The modules, and what stands for a module where none leads to an object; `groupOf` is by node. O(nodes). */
export interface ModuleGroups {
  readonly names: readonly string[];
  readonly groupOf: Uint32Array;
}

export function moduleGroups(analysis: HeapAnalysis): ModuleGroups {
  const names = [...OUTSIDE, "<garbage>", ...analysis.modules.rows.map((row) => printable(row.name))];
  return { names, groupOf: groupByPath(analysis) };
}

export function modulesByUsage(analysis: HeapAnalysis): readonly ModuleUsage[] {
  const { names, groupOf } = moduleGroups(analysis);
  const counts = new Uint32Array(names.length);
  const shallow = new Float64Array(names.length);
  for (let node = 1; node < groupOf.length; node++) {
    const group = groupOf[node]!;
    counts[group]!++;
    shallow[group] = shallow[group]! + shallowBytesOf(analysis.snapshot, node as NodeIx);
  }
  const retained = retainedByOwner(analysis, names.length);
  return names
    .map((name, group) => ({
      name,
      count: counts[group]!,
      shallowBytes: shallow[group]!,
      retainedBytes: retained[group]!,
    }))
    .filter((usage) => usage.count > 0)
    .sort((a, b) => b.shallowBytes - a.shallowBytes || a.name.localeCompare(b.name));
}

/** Group of each node; every node is visited once, whatever the length of the paths. */
function groupByPath({ rooted: { parent }, modules }: HeapAnalysis): Uint32Array {
  const nodeCount = parent.length;
  const groupOf = new Uint32Array(nodeCount).fill(UNKNOWN);
  for (const [at, row] of modules.rows.entries()) {
    for (const node of [row.node, row.namespace]) if (groupOf[node] === UNKNOWN) groupOf[node] = FIRST_MODULE + at;
  }
  const way: number[] = [];
  for (let node = 0; node < nodeCount; node++) {
    let at = node;
    while (at < nodeCount && groupOf[at] === UNKNOWN) {
      way.push(at);
      at = parent[at]!;
    }
    const group = at < nodeCount ? groupOf[at]! : at === NO_NODE ? GARBAGE : at - nodeCount;
    while (way.length > 0) groupOf[way.pop()!] = group;
  }
  return groupOf;
}

function retainedByOwner(analysis: HeapAnalysis, groups: number): Float64Array {
  const { tree, retainedBytes, rooted, modules, garbage, snapshot } = analysis;
  const retained = new Float64Array(groups);
  for (const [at, row] of modules.rows.entries()) {
    const pair = Uint32Array.of(row.node, row.namespace);
    retained[FIRST_MODULE + at] = pairRetained(tree.idom, pair, retainedBytes);
  }
  for (const root of rooted.roots) {
    const tier = rooted.parent[root]! - snapshot.refs.nodeCount;
    if (tier > 0 && tier < OUTSIDE.length) retained[tier]! += retainedBytes[root]!;
  }
  retained[0] = retainedBySet(tree, Uint32Array.from(modules.registries), retainedBytes);
  retained[GARBAGE] = garbage.shallowBytes;
  return retained;
}

/** A module usually dominates its namespace; it does not when functions imported elsewhere use it too. */
function pairRetained(idom: Uint32Array, [module, namespace]: Uint32Array, retainedBytes: Float64Array): number {
  const own = retainedBytes[module!]!;
  for (let at = namespace!, depth = 0; at < idom.length && depth < NEAR; at = idom[at]!, depth++) {
    if (at === module) return own;
  }
  return own + retainedBytes[namespace!]!;
}

/** Dominators looked at before a namespace counts as independent of its module. */
const NEAR = 16;
