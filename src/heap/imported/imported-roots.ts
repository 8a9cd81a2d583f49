// Why objects of an imported dump are alive: the table of modules is found by what it holds, frames where the tool wrote
// them, and all that nothing of the file leads to is held from outside it. Without reference counts garbage cannot be told
// from that, so nothing is called garbage.

import type { NodeIx } from "../../base/brand.ts";
import { NO_NODE, type RefGraph } from "../../graph/ref-graph.ts";
import { stronglyConnected } from "../../graph/strongly-connected.ts";
import { fieldTarget, roleOf } from "../analysis/edges.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { searchFromRoots } from "../analysis/roots.ts";
import { textOf } from "../analysis/texts.ts";
import type { Root, Snapshot } from "../snapshot.ts";

/** What the roots of modules hang on. */
export interface Namespaces {
  /** The dict `sys.modules`. */
  readonly modules: NodeIx;
  readonly sys: NodeIx;
  readonly builtins: NodeIx | null;
}

/** Null when the file has no texts, or no module `sys`. */
export function findNamespaces(snapshot: Snapshot): Namespaces | null {
  for (let node = 1; node < snapshot.nodes.count; node++) {
    if (roleOf(snapshot, node as NodeIx) !== "module") continue;
    const sys = fieldTarget(snapshot, node as NodeIx, "__dict__");
    const modules = sys === null ? null : entryOf(snapshot, sys, "modules");
    if (sys === null || modules === null || roleOf(snapshot, modules) !== "dict") continue;
    const own = entryOf(snapshot, modules, "sys");
    if (own !== node) continue;
    const builtins = entryOf(snapshot, modules, "builtins");
    return { modules, sys, builtins: builtins === null ? null : fieldTarget(snapshot, builtins, "__dict__") };
  }
  return null;
}

/** Value of a dict under a text, or null. */
export function entryOf(snapshot: Snapshot, dict: NodeIx, name: string): NodeIx | null {
  for (const { key, value } of mappingEntries(snapshot, dict)) if (textOf(snapshot.texts, key) === name) return value;
  return null;
}

/** Roots of modules, with `known` (frames); then classes, then what is held from outside. O(objects + references). */
export function importedRoots(
  snapshot: Snapshot,
  namespaces: Namespaces | null,
  known: readonly Root[],
): readonly Root[] {
  const certain: Root[] = [...moduleRoots(namespaces), ...known];
  const isClass = Uint8Array.from(snapshot.types, ({ role }) => (role === "type" ? 1 : 0));
  const classes = unreached(snapshot, certain).filter((node) => isClass[snapshot.nodes.type[node]!] === 1);
  const withClasses = [...certain, ...classes.map(classRoot)];
  const members = Uint32Array.from(unreached(snapshot, withClasses));
  return [...withClasses, ...Array.from(sources(snapshot.refs, members), outsideRoot)];
}

function moduleRoots(namespaces: Namespaces | null): readonly Root[] {
  if (namespaces === null) return [];
  const { modules, sys, builtins } = namespaces;
  const roots: Root[] = [
    { node: modules, tier: "modules", origin: { kind: "sys.modules" } },
    { node: sys, tier: "modules", origin: { kind: "sys.__dict__" } },
  ];
  if (builtins !== null) roots.push({ node: builtins, tier: "modules", origin: { kind: "builtins.__dict__" } });
  return roots;
}

const classRoot = (node: number): Root => ({
  node: node as NodeIx,
  tier: "static-types",
  origin: { kind: "static-type" },
});
const outsideRoot = (node: number): Root => ({ node: node as NodeIx, tier: "native", origin: { kind: "native" } });

function unreached(snapshot: Snapshot, roots: readonly Root[]): number[] {
  const { parent } = searchFromRoots({ ...snapshot, roots });
  const nodes: number[] = [];
  for (let node = 1; node < parent.length; node++) if (parent[node] === NO_NODE) nodes.push(node);
  return nodes;
}

/** One member of each knot that no other member refers to: somebody outside must hold it. */
function sources(graph: RefGraph, members: Uint32Array): number[] {
  const { component, sizes } = stronglyConnected(graph, members);
  const position = new Map(Array.from(members, (node, at) => [node, at]));
  const isReferred = new Uint8Array(sizes.length);
  for (const [at, node] of members.entries())
    for (let edge = graph.edgeStart[node]!; edge < graph.edgeStart[node + 1]!; edge++) {
      const target = position.get(graph.edgeTarget[edge]!);
      if (target !== undefined && component[target] !== component[at]) isReferred[component[target]!] = 1;
    }
  const found: number[] = [];
  for (const [at, node] of members.entries()) {
    if (isReferred[component[at]!] === 1) continue;
    isReferred[component[at]!] = 1;
    found.push(node);
  }
  return found;
}
