// Where objects lie that are read again while the process runs.

import type { Addr } from "../base/brand.ts";

/** An object, and what its `ob_type` must still be. */
export interface ObjectPlace {
  readonly address: Addr;
  readonly typeAddress: Addr;
}

/** Counters of `deadweight.cached` (python/src/deadweight/_cache/tally.py): an itertools.count and an array, which stay where they are. */
export interface CounterPlace {
  readonly hits: ObjectPlace;
  readonly words: ObjectPlace;
}
