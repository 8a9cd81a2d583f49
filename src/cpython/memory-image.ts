// A copy of the writable memory of one process at one instant, readable without BigInt, Map or an object per page.
// Built by src/capture (live process, core file) or by tests; read by decoders through plain typed arrays.
//
// An address is split in two: `high` (bits 32..47) picks a table, `low >>> 12` picks a page in it.
// A *slot* is an 8-byte position in the copy: slot = page * 512 + ((low & 4095) >>> 3). Slots of page 0 mean "absent".
// A handful of different high words exist per process, so the tables stay small (4 MiB each).

import type { Addr } from "../base/brand.ts";
import type { ByteWindows } from "../base/byte-windows.ts";

/** Bytes per page of the copy; the target's real page size may be a multiple. */
export const IMAGE_PAGE_BYTES = 4096;
/** 8-byte slots per page of the copy. */
export const SLOTS_PER_PAGE = 512;

/** Bytes of the target that are not in the copy (read-only data of files, mostly type names). */
export interface OutsideReader {
  /** Reads up to `length` bytes at `address`; returns fewer (or none) when they cannot be had. Never throws. */
  read(address: Addr, length: number): Uint8Array;
}

/** A run of pages that are neighbours in the target and in the copy. Index arithmetic must not leave its run. */
export interface ImageRun {
  /** Address of the first byte; page aligned. */
  readonly address: Addr;
  /** First page in the copy; at least 1. */
  readonly firstPage: number;
  readonly pageCount: number;
}

export interface MemoryImage {
  /** The whole copy; `words[2 * slot]` is the low and `words[2 * slot + 1]` the high half of the 8 bytes at `slot`. */
  readonly words: Uint32Array;
  /** The same bytes, in views that fit Node 20. */
  readonly bytes: ByteWindows;
  /** 65,536 entries: bits 32..47 of an address -> table number, 0 when nothing there was copied. */
  readonly highTable: Uint8Array;
  /** `pageTable[(table << 20) | (low >>> 12)]` -> page in the copy, 0 when absent. Table 0 is all zeros. */
  readonly pageTable: Uint32Array;
  /** Pages in the copy, the unused page 0 included. */
  readonly pageCount: number;
  /** Last page of the run each page belongs to; bounds any loop over a target array. */
  readonly runEnd: Uint32Array;
  /** Ascending by address; pages ascend with them. */
  readonly runs: readonly ImageRun[];
  /** Bytes really copied; the copy may hold more (absent pages stay zero). */
  readonly copiedBytes: number;
  readonly outside: OutsideReader;
}
