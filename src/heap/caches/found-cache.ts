// A cache as it was found in a heap, before its numbers are gathered. A family of caches is one file in families/.

import type { Addr, NodeIx } from "../../base/brand.ts";
import type { CacheBound, CacheDeclaration, CacheFamily } from "../../model/cache-inventory.ts";
import { addressOf } from "../analysis/addresses.ts";
import { typeRowOf } from "../analysis/edges.ts";
import type { CounterPlace, ObjectPlace } from "../../model/object-place.ts";
import type { OwnedHeap } from "../holders/ownership.ts";
import type { Snapshot } from "../snapshot.ts";

export interface FoundCache {
  readonly family: CacheFamily;
  /** The cache object; for a dict the dict itself. */
  readonly node: NodeIx;
  /** The mapping that holds the entries; null when the heap does not show them. */
  readonly entries: NodeIx | null;
  readonly bound: CacheBound;
  /** Where an int object of the running process says the bound, when the snapshot does not. */
  readonly boundAt: Addr | null;
  /** The function whose results are kept; null when that is not known. */
  readonly cached: NodeIx | null;
  /** For entries that lie in no container of their own. */
  readonly spread?: { readonly entries: number; readonly retainedBytes: number };
  /** What the cache itself has counted, where the heap shows it. */
  readonly counted?: { readonly hits: number; readonly misses: number };
  /** Where counters lie that can be read while the process runs. */
  readonly counters?: CounterPlace;
  /** The OrderedDict whose order is that of use. */
  readonly order?: NodeIx;
  readonly declared?: CacheDeclaration;
  readonly notes: readonly string[];
  /** What people call it, given the place where it hangs; the place itself when there is none. */
  readonly nameFor?: (path: string) => string;
}

/** Null where the object of the type is not in the heap. */
export function placeOf(snapshot: Snapshot, node: NodeIx): ObjectPlace | null {
  const type = snapshot.types[typeRowOf(snapshot, node).canonical]!.node;
  if (type === 0) return null;
  return { address: addressOf(snapshot.nodes, node), typeAddress: addressOf(snapshot.nodes, type) };
}

/** Finds the caches of one library by their class. */
export interface CacheFamilyByType {
  readonly family: CacheFamily;
  /** Qualified names of the classes; subclasses count. */
  readonly types: readonly string[];
  /** Null when the object is not what its class says (half made, another version of the library). */
  readonly read: (heap: OwnedHeap, node: NodeIx) => FoundCache | null;
}
