// Recognises lists of callbacks: places where code registers itself and forgets to leave.

import type { NodeIx } from "../../base/brand.ts";
import { firstPositionalEdge, roleOf, typeRowOf } from "../analysis/edges.ts";
import type { Trail } from "../paths/trail.ts";
import type { Snapshot } from "../snapshot.ts";

const CALLBACK_NAME =
  /(?:callback|listener|observer|subscriber|receiver|hook|handler|finalizer|exitfunc|watcher)s?_?$/i;
const SAMPLE = 16;

/** A container named like one, or a list or set that mostly holds callables. */
export function isCallbackList(snapshot: Snapshot, node: NodeIx, trail: Trail): boolean {
  const { shape } = typeRowOf(snapshot, node);
  if (shape === "fields") return false;
  if (trail.module === "atexit" || (trail.module === "weakref" && trail.text.includes("finalize"))) return true;
  if (CALLBACK_NAME.test(trail.text)) return true;
  return shape !== "mapping" && holdsCallables(snapshot, node);
}

function holdsCallables(snapshot: Snapshot, node: NodeIx): boolean {
  const first = firstPositionalEdge(snapshot, node);
  const end = Math.min(first + SAMPLE, snapshot.refs.edgeStart[node + 1]!);
  let callables = 0;
  for (let edge = first; edge < end; edge++) {
    if (isCallable(snapshot, snapshot.refs.edgeTarget[edge]! as NodeIx)) callables++;
  }
  return end > first && callables * 2 > end - first;
}

function isCallable(snapshot: Snapshot, node: NodeIx): boolean {
  const role = roleOf(snapshot, node);
  return role === "function" || role === "method" || typeRowOf(snapshot, node).name === "partial";
}
