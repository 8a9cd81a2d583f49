// The order of use that a bounded functools.lru_cache keeps.
//
// Modules/_functoolsmodule.c, bounded_lru_cache_wrapper (alike in 3.8 to 3.15): entries are a ring of links around `root`, which lies in
// the wrapper itself at offset 0. A call puts its link between `root.prev` and `root`, so root.prev is the newest and root.next
// the oldest. A miss in a full cache turns the oldest link into the newest, with another key.

import type { ObjectPlace } from "../model/object-place.ts";
import type { Layout } from "./layout.ts";
import { keyOfHash, type OrderOfUse, type ReadExactly, wordIn } from "./order-of-use.ts";

export function openRingOrder(
  { address, typeAddress }: ObjectPlace,
  { objectHead, private: { lruCache, lruLink } }: Layout,
  read: ReadExactly,
): OrderOfUse {
  const bytes = new Uint8Array(Math.max(lruCache.size, lruLink.size));
  const view = new DataView(bytes.buffer);
  const link = { key: 0, older: 0, newer: 0 };
  return {
    end: address,
    link,
    head: () => {
      if (!read(bytes, lruCache.size, address) || wordIn(view, objectHead.type) !== typeAddress) return null;
      return {
        calls: wordIn(view, lruCache.hits) + wordIn(view, lruCache.misses),
        misses: wordIn(view, lruCache.misses),
        thrownOut: null,
        entries: null,
        newest: wordIn(view, lruCache.rootPrevious),
      };
    },
    readLink: (at) => {
      if (!read(bytes, lruLink.size, at)) return false;
      // lru_list_elem: the hash stands before the key.
      link.key = keyOfHash(view, lruLink.key - 8);
      link.older = wordIn(view, lruLink.previous);
      link.newer = wordIn(view, lruLink.next);
      return true;
    },
  };
}
