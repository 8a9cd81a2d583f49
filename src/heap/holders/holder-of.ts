// The named place behind a path, in the form every report uses.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import type { Holder, HolderKind } from "../../model/holder.ts";
import { fieldTarget, roleOf, typeNameOf, typeRowOf } from "../analysis/edges.ts";
import type { HeapAnalysis } from "../analyse.ts";
import { shorten } from "../paths/path-of.ts";
import { holderName, type Trail } from "../paths/trail.ts";
import { chainTo, follow, trailsAlong } from "../paths/trails.ts";
import { isCallbackList } from "./callbacks.ts";
import { moduleFileOf } from "./module-files.ts";

/** The holder that `node` is, or is kept by. */
export function holderOf(analysis: HeapAnalysis, node: NodeIx): Holder {
  return describeHolder(analysis, node, holderTrail(analysis, node));
}

/** A cache is named by what it caches, not by the way to its wrapper. */
export function holderTrail(analysis: HeapAnalysis, node: NodeIx): Trail {
  const chain = chainTo(analysis, node);
  const trail = trailsAlong(analysis, chain).at(-1)!.trail;
  if (roleOf(analysis.snapshot, node) !== "lru-cache") return trail;
  const entries = fieldTarget(analysis.snapshot, node, "cache");
  return entries === null ? { ...trail, kind: "cache" } : follow(analysis, trail, chain.at(-2) ?? null, node, entries);
}

/** Puts a trail into the contract's form; `node` is the object at its end. */
export function describeHolder(analysis: HeapAnalysis, node: NodeIx, trail: Trail): Holder {
  return {
    path: shorten(trail.text),
    kind: kindOf(analysis, node, trail),
    module: trail.module === null ? null : printable(trail.module),
    name: holderName(trail),
    type: trail.place === "cached" ? "functools._lru_cache_wrapper" : printable(typeNameOf(analysis.snapshot, node)),
    file: trail.file ?? (trail.module === null ? null : moduleFileOf(analysis, trail.module)),
    line: trail.line,
  };
}

function kindOf(analysis: HeapAnalysis, node: NodeIx, trail: Trail): HolderKind {
  const role = roleOf(analysis.snapshot, node);
  const byObject = kindByObject(analysis, node, role);
  if (byObject !== null && trail.kind !== "garbage-cycle" && trail.kind !== "native") return byObject;
  if (isNamedPlace(trail.kind) && isCallbackList(analysis.snapshot, node, trail)) return "callback-list";
  // A module's names themselves: `globals()[name] = ...` adds to them.
  if (trail.place === "module-namespace") return "module-global";
  return trail.kind ?? "native";
}

/** What the object itself is says more than where it hangs. */
function kindByObject({ snapshot }: HeapAnalysis, node: NodeIx, role: string): HolderKind | null {
  if (role === "lru-cache") return "cache";
  if (role === "thread-local") return "thread-local";
  if (role === "coroutine" || role === "generator") return "task";
  if (role === "exception" || role === "traceback") return "exception";
  const type = typeRowOf(snapshot, node);
  if (/^(?:[A-Z][a-z]*)?Queue$/.test(type.name)) return "queue";
  return type.module === "logging" || type.module.startsWith("logging.") ? "logger" : null;
}

function isNamedPlace(kind: HolderKind | null): boolean {
  return kind === "module-global" || kind === "class-attribute" || kind === "instance-attribute";
}
