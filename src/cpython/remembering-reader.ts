// Reads what is not in the copy once, and answers the same ever after. A heap is walked twice, perhaps by several
// threads, while the target runs on or ends: were a type's name there the first time and not the second, the two walks
// would see objects of different kinds.

import type { Addr } from "../base/brand.ts";
import type { OutsideReader } from "./memory-image.ts";

/** What an address was asked for, and what was there: fewer bytes than asked for are an answer too. */
export interface KnownRead {
  readonly askedBytes: number;
  readonly bytes: Uint8Array;
}

/** By address. */
export type KnownReads = Map<number, KnownRead>;

/** More than a heap has types. What lies beyond is read each time: a hostile heap must not fill our memory. */
const READS_LIMIT = 1 << 17;

/** `known` is used and added to; give it to other threads, and they answer the same. */
export function rememberingReader(reader: OutsideReader, known: KnownReads): OutsideReader {
  return {
    read(address: Addr, length: number) {
      const before = known.get(address);
      if (before !== undefined && before.askedBytes >= length) return before.bytes.subarray(0, length);
      const bytes = reader.read(address, length);
      if (before !== undefined || known.size < READS_LIMIT) known.set(address, { askedBytes: length, bytes });
      return bytes;
    },
  };
}
