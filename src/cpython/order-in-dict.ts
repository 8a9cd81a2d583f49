// The order of use that a cache keeps in an OrderedDict, with `move_to_end` at each use.
//
// Objects/odictobject.c (alike in 3.8 to 3.15): nodes in a list from `od_first` to `od_last`, NULL at both ends. move_to_end takes the
// node out, clears its two pointers, and puts it behind the last. A node that is deleted is taken out the same way before it is freed, so
// what a walk reads of it does not point back.

import type { ObjectPlace } from "../model/object-place.ts";
import type { CacheCounters } from "./cache-counters.ts";
import type { Layout } from "./layout.ts";
import { keyOfHash, type OrderOfUse, type ReadExactly, wordIn } from "./order-of-use.ts";

/** `counters`: of the cache whose order it is; null where it does not count. */
export function openDictOrder(
  { address, typeAddress }: ObjectPlace,
  { objectHead, dict, private: { orderedDict } }: Layout,
  read: ReadExactly,
  counters: (() => CacheCounters | null) | null,
): OrderOfUse {
  const bytes = new Uint8Array(Math.max(orderedDict.size, orderedDict.nodeSize));
  const view = new DataView(bytes.buffer);
  const link = { key: 0, older: 0, newer: 0 };
  return {
    end: 0,
    link,
    head: () => {
      // First the counts: a call that comes in between is then seen in the order, and counted at the next look.
      const counted = counters === null ? null : counters();
      if (counters !== null && counted === null) return null;
      if (!read(bytes, orderedDict.size, address) || wordIn(view, objectHead.type) !== typeAddress) return null;
      const entries = wordIn(view, dict.used);
      return {
        // A use takes a node out and puts it in, as does a miss in a full cache with two nodes. A miss before it is full puts one in, and what
        // ends by time is taken out: both change the number of entries by as many. What is used twice in a row changes nothing.
        calls: counted === null ? (wordIn(view, orderedDict.state) + entries) / 2 : callsOf(counted),
        misses: counted === null ? null : counted.loads - counted.forgottenLoads,
        thrownOut: counted === null ? null : counted.evictions,
        entries,
        newest: wordIn(view, orderedDict.last),
      };
    },
    readLink: (at) => {
      if (!read(bytes, orderedDict.nodeSize, at)) return false;
      link.key = keyOfHash(view, orderedDict.nodeHash);
      link.older = wordIn(view, orderedDict.nodePrevious);
      link.newer = wordIn(view, orderedDict.nodeNext);
      return true;
    },
  };
}

function callsOf({ hits, forgottenHits, loads, forgottenLoads }: CacheCounters): number {
  return hits - forgottenHits + (loads - forgottenLoads);
}
