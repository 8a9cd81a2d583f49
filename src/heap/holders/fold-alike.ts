// Lines that differ in a number only are one line: `jobs[17].error` and `jobs[18].error` are `jobs[*].error`, and the locals
// of forty worker threads are those of `thread "worker-*"`. A thousand closures of one function have one name to begin with.

import { foldThread } from "../paths/roots.ts";
import type { HeldUsage } from "./holders-of.ts";

/** So many threads are still worth a line each: which of them it is may be the answer. */
const THREADS_SHOWN = 3;

/** Usages with one name, or with names that `[*]` makes alike, added up. Largest first in, the largest stays the example. */
export function foldAlike(usages: readonly HeldUsage[]): HeldUsage[] {
  const named = merge(usages, (path) => path);
  const indexed = merge(named, foldIndices);
  const threads = groupsOf(indexed, foldThread);
  return merge(indexed, (path) => (threads.get(foldThread(path))! > THREADS_SHOWN ? foldThread(path) : path));
}

/** Positions, not keys: what has a key has a name. */
function foldIndices(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "[*]");
}

function groupsOf(usages: readonly HeldUsage[], fold: (path: string) => string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { holder } of usages) sizes.set(fold(holder.path), (sizes.get(fold(holder.path)) ?? 0) + 1);
  return sizes;
}

/** A usage that stays alone keeps its own name. */
function merge(usages: readonly HeldUsage[], fold: (path: string) => string): HeldUsage[] {
  const merged = new Map<string, HeldUsage>();
  for (const usage of usages) {
    const name = fold(usage.holder.path);
    const known = merged.get(name);
    merged.set(name, known === undefined ? usage : sum(known, usage, name));
  }
  return [...merged.values()];
}

function sum(larger: HeldUsage, smaller: HeldUsage, path: string): HeldUsage {
  return {
    ...larger,
    holder: { ...larger.holder, path },
    nodes: [...larger.nodes, ...smaller.nodes],
    count: larger.count + smaller.count,
    shallowBytes: larger.shallowBytes + smaller.shallowBytes,
    retainedBytes: larger.retainedBytes + smaller.retainedBytes,
    sharedBytes: larger.sharedBytes + smaller.sharedBytes,
    heldBytes: larger.heldBytes + smaller.heldBytes,
    share: larger.share + smaller.share,
    entries: larger.entries === null || smaller.entries === null ? null : larger.entries + smaller.entries,
  };
}
