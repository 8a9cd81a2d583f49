// The imported modules, and by which of them a shared global should be named. `from app import CACHE` makes one object a
// global of two modules; people look for it where it was defined.

import type { NodeIx } from "../../base/brand.ts";
import { NO_NODE } from "../../graph/ref-graph.ts";
import type { Snapshot } from "../snapshot.ts";
import { fieldTarget, firstPositionalEdge, roleOf, typeRowOf } from "./edges.ts";
import type { RootedGraph } from "./roots.ts";
import { textOf } from "./texts.ts";

export interface ModuleRow {
  readonly name: string;
  readonly node: NodeIx;
  /** Its `__dict__`. */
  readonly namespace: NodeIx;
}

export interface ModuleTable {
  /** In the order of sys.modules. */
  readonly rows: readonly ModuleRow[];
  readonly byNamespace: ReadonlyMap<number, ModuleRow>;
  readonly byName: ReadonlyMap<string, ModuleRow>;
  /** The dict `sys.modules` itself: one per interpreter, that of the main one first. */
  readonly registries: readonly NodeIx[];
}

export function listModules(snapshot: Snapshot): ModuleTable {
  // Of the first tier: nothing but the interpreter is above it on any path.
  const registries = snapshot.roots
    .filter(({ origin, tier }) => origin.kind === "sys.modules" && tier === "modules")
    .map((root) => root.node);
  const isRegistry = new Set<number>(registries);
  const rows = registries.flatMap((registry) => modulesIn(snapshot, registry, isRegistry));
  const byNamespace = new Map<number, ModuleRow>();
  const byName = new Map<string, ModuleRow>();
  for (const row of rows) {
    if (!byNamespace.has(row.namespace)) byNamespace.set(row.namespace, row);
    if (!byName.has(row.name)) byName.set(row.name, row);
  }
  return { rows, byNamespace, byName, registries };
}

function modulesIn(snapshot: Snapshot, registry: NodeIx, isRegistry: ReadonlySet<number>): ModuleRow[] {
  const rows: ModuleRow[] = [];
  for (const { key, value } of mappingEntries(snapshot, registry)) {
    const name = textOf(snapshot.texts, key);
    const namespace = isModule(snapshot, value, isRegistry) ? fieldTarget(snapshot, value, "__dict__") : null;
    if (name === null || namespace === null) continue;
    // Never so in a process. A file may say so, and paths through modules would then run in circles.
    if (isRegistry.has(namespace) || roleOf(snapshot, namespace) === "module") continue;
    rows.push({ name, node: value, namespace });
  }
  return rows;
}

function isModule(snapshot: Snapshot, node: NodeIx, isRegistry: ReadonlySet<number>): boolean {
  return roleOf(snapshot, node) === "module" && !isRegistry.has(node);
}

/** Keys and values of a mapping node, in order. An object per entry: for namespaces and small dicts. */
export function* mappingEntries(
  snapshot: Snapshot,
  node: NodeIx,
): Generator<{ key: NodeIx; value: NodeIx; edge: number }> {
  const { edgeStart, edgeTarget } = snapshot.refs;
  if (typeRowOf(snapshot, node).shape !== "mapping") return;
  const end = edgeStart[node + 1]!;
  for (let edge = firstPositionalEdge(snapshot, node); edge + 1 < end; edge += 2) {
    if (snapshot.edgeLabel[edge] !== 0) return;
    yield { key: edgeTarget[edge]! as NodeIx, value: edgeTarget[edge + 1]! as NodeIx, edge: edge + 1 };
  }
}

/**
 * Makes paths run through sys.modules['app'] wherever a module is concerned, even when another global of the same length
 * leads there, and each shared global through the module that most likely defined it. Only paths of the form
 * sys.modules -> module -> namespace -> value are rewritten, and no node stands in two of the first three places, so no cycle can arise.
 */
export function preferModuleNames(snapshot: Snapshot, rooted: RootedGraph, modules: ModuleTable): void {
  const { parent } = rooted;
  const isRegistry = new Set<number>(modules.registries);
  for (const registry of modules.registries) {
    for (const { value } of mappingEntries(snapshot, registry)) {
      if (isModule(snapshot, value, isRegistry)) parent[value] = registry;
    }
  }
  for (const row of modules.rows) parent[row.namespace] = modules.byNamespace.get(row.namespace)!.node;
  const typeModules = new Map(snapshot.types.map((type) => [type.node, type.module]));
  for (const row of modules.rows) preferOwnGlobals(snapshot, parent, modules, row, typeModules);
}

function preferOwnGlobals(
  snapshot: Snapshot,
  parent: Uint32Array,
  modules: ModuleTable,
  row: ModuleRow,
  typeModules: ReadonlyMap<NodeIx, string>,
): void {
  for (const { value } of mappingEntries(snapshot, row.namespace)) {
    const above = parent[value]!;
    if (above === row.namespace || above === NO_NODE || roleOf(snapshot, value) === "module") continue;
    const other = modules.byNamespace.get(above);
    if (other === undefined || value === row.namespace || modules.byNamespace.has(value)) continue;
    const definer = definingModule(snapshot, modules, value, typeModules);
    if (definer === row.name || (definer !== other.name && isLikelierDefiner(row.name, other.name))) {
      parent[value] = row.namespace;
    }
  }
}

/** Functions and classes say where they come from. */
function definingModule(
  snapshot: Snapshot,
  modules: ModuleTable,
  value: NodeIx,
  typeModules: ReadonlyMap<NodeIx, string>,
): string | null {
  if (roleOf(snapshot, value) !== "function") return typeModules.get(value) ?? null;
  const globals = fieldTarget(snapshot, value, "__globals__");
  return globals === null ? null : (modules.byNamespace.get(globals)?.name ?? null);
}

/** A script imports from modules, and a package re-exports what its submodules define; otherwise the first import wins. */
function isLikelierDefiner(candidate: string, known: string): boolean {
  if (known === "__main__") return true;
  return candidate.startsWith(`${known}.`);
}
