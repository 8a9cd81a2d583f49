// What caches say about themselves, beside their entries: the options that `deadweight.cached` was given, and counters that are plain ints.
// These are words of the program, not data of its users, and kept in every snapshot.

import { qualifiedName } from "../analysis/edges.ts";
import { attributeOf, type NameSource } from "./node-values.ts";

/** Private counters of cachetools' wrappers with `info=True` (src/cachetools/_decorator.py, 8.0), by the class that keeps them. */
const COUNTING_MIXINS = ["_InfoMixin", "_LockedInfoMixin", "_ConditionInfoMixin"];
export const COUNTER_ATTRIBUTES: Readonly<Record<string, readonly (readonly [hits: string, misses: string])[]>> = {
  "async_lru._LRUCacheWrapper": [["_LRUCacheWrapper__hits", "_LRUCacheWrapper__misses"]],
  "cachetools._cached._InfoWrapper": countersOf(COUNTING_MIXINS),
  "cachetools._cached._LockedInfoWrapper": countersOf(COUNTING_MIXINS),
  "cachetools._cached._ConditionInfoWrapper": countersOf(COUNTING_MIXINS),
};
/** A named tuple of options (python/src/deadweight/_cache/policy.py). */
export const POLICY_TYPE = "deadweight._cache.policy.Policy";

function countersOf(classes: readonly string[]): (readonly [string, string])[] {
  return classes.map((name) => [`${name}__hits`, `${name}__misses`]);
}

/** One bit per node: such a word. O(nodes) where there is such a cache, O(types) elsewhere. */
export function cacheWords(source: NameSource): Uint32Array {
  const { columns, rows } = source;
  const names = rows.map(qualifiedName);
  const words = new Uint32Array((columns.refs.nodeCount >>> 5) + 1);
  if (!names.some((name) => name === POLICY_TYPE || name in COUNTER_ATTRIBUTES)) return words;
  const want = (node: number): void => {
    if (node > 0) words[node >>> 5]! |= 1 << (node & 31);
  };
  for (let node = 1; node < columns.nodes.count; node++) {
    const name = names[columns.nodes.type[node]!]!;
    if (name === POLICY_TYPE) for (const option of elementsOf(source, node)) wantOption(source, option, want);
    for (const attribute of (COUNTER_ATTRIBUTES[name] ?? []).flat()) want(attributeOf(source, node, attribute));
  }
  return words;
}

/** Texts and numbers, also those in a list: the templates of tags. */
function wantOption(source: NameSource, option: number, want: (node: number) => void): void {
  const { columns, rows } = source;
  want(option);
  if (rows[columns.nodes.type[option]!]!.shape === "sequence")
    for (const each of elementsOf(source, option)) want(each);
}

function elementsOf({ columns }: NameSource, node: number): number[] {
  const { refs, edgeLabel } = columns;
  const found: number[] = [];
  for (let edge = refs.edgeStart[node]!; edge < refs.edgeStart[node + 1]!; edge++)
    if (edgeLabel[edge] === 0) found.push(refs.edgeTarget[edge]!);
  return found;
}
