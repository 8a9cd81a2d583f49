// The trunk of a heap: what every program has by being a program - modules, classes, functions and the dicts and tuples that
// belong to them. Nobody wants to read that `sys.modules` holds the memory; holders begin where the trunk ends.

import type { NodeIx } from "../../base/brand.ts";
import { bestEdge, fieldName, roleOf, typeRowOf } from "../analysis/edges.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { isExitCallback, isNativeRoot } from "../analysis/roots.ts";
import { textOf } from "../analysis/texts.ts";
import { isChain } from "./chain.ts";
import { parentOf, type HeapAnalysis } from "../analyse.ts";
import type { Snapshot, TypeRole, TypeRow } from "../snapshot.ts";

const TRUNK_ROLES: ReadonlySet<TypeRole> = new Set<TypeRole>([
  "module",
  "type",
  "function",
  "method",
  "cell",
  "property",
  "mappingproxy",
]);
const TRUNK_TYPES: ReadonlySet<string> = new Set(["staticmethod", "classmethod"]);
/** Dicts and tuples that are parts of a function, class or module. */
const TRUNK_FIELDS: ReadonlySet<string> = new Set([
  "__dict__",
  "__closure__",
  "__defaults__",
  "__kwdefaults__",
  "__subclasses__",
  "__mro__",
  "__bases__",
]);

/** 1 for every node of the trunk: it belongs to program structure, and so does everything that dominates it. */
export function markTrunk(analysis: HeapAnalysis): Uint8Array {
  const { snapshot, tree, modules } = analysis;
  const { nodeCount } = snapshot.refs;
  const isProgram = Uint8Array.from(snapshot.types, (type) => (isProgramType(type) ? 1 : 0));
  const isPart = Uint8Array.from(snapshot.types, (type) => (type.role === "dict" || type.role === "tuple" ? 1 : 0));
  const certain = new Set<number>([...modules.registries, ...modules.byNamespace.keys(), ...threadRegistry(analysis)]);
  const trunk = new Uint8Array(nodeCount + 1);
  trunk[nodeCount] = 1;
  for (const node of tree.containers) {
    if (trunk[tree.idom[node]!] === 0) continue;
    const type = snapshot.nodes.type[node]!;
    if (isData(analysis, node as NodeIx)) continue;
    if (
      isProgram[type] === 1 ||
      (isPart[type] === 1 && (certain.has(node) || isPartOfProgram(analysis, node as NodeIx)))
    )
      trunk[node] = 1;
  }
  return trunk;
}

/**
 * A callable that was given away to be called later is data, whatever it is made of: it keeps its object. So is a function
 * that was wrapped again and again: nobody wrote that.
 */
function isData(analysis: HeapAnalysis, node: NodeIx): boolean {
  if (isExitCallback(analysis, node)) return true;
  const role = roleOf(analysis.snapshot, node);
  if (role === "method") return isNativeRoot(analysis, node);
  return role === "function" && isChain(analysis, node);
}

/** `threading._active` lists every running thread: what hangs on a thread is the thread's, not the registry's. */
function threadRegistry({ snapshot, modules }: HeapAnalysis): NodeIx[] {
  const threading = modules.byName.get("threading");
  if (threading === undefined) return [];
  return [...mappingEntries(snapshot, threading.namespace)].flatMap(({ key, value }) =>
    textOf(snapshot.texts, key) === "_active" ? [value] : [],
  );
}

function isProgramType(type: TypeRow): boolean {
  return TRUNK_ROLES.has(type.role) || (type.module === "builtins" && TRUNK_TYPES.has(type.name));
}

function isPartOfProgram(analysis: HeapAnalysis, node: NodeIx): boolean {
  const { snapshot } = analysis;
  const origin = analysis.rooted.originOf.get(node)?.kind;
  if (origin === "sys.__dict__" || origin === "builtins.__dict__") return true;
  const owner = parentOf(analysis, node);
  if (owner === null || !isProgramType(typeRowOf(snapshot, owner))) return false;
  return TRUNK_FIELDS.has(fieldBetween(snapshot, owner, node) ?? "");
}

/** Name of the field through which `owner` holds `node`, or null. */
export function fieldBetween(snapshot: Snapshot, owner: NodeIx, node: NodeIx): string | null {
  const edge = bestEdge(snapshot, owner, node);
  return edge === null ? null : fieldName(typeRowOf(snapshot, owner), snapshot.edgeLabel[edge]!);
}

/** Program text is no holder: nobody leaks it, and `top` has a table by module for it. */
export function isProgramText(snapshot: Snapshot, node: NodeIx): boolean {
  return roleOf(snapshot, node) === "code";
}
