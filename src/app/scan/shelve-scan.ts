// What is known of a large file waits as compressed text while others are scanned: as objects it takes some thirty times the
// memory (bench/method.md, Scan).

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { LARGE_SOURCE_BYTES } from "../../workers/large-source.ts";
import type { FileScan } from "../../workers/scan-jobs.ts";
import { parseScan } from "./cached-scans.ts";
import type { FactCache, FileStamp } from "./fact-cache.ts";

/** Gives the scan back; null if it cannot be read any more. */
export type ShelvedScan = () => FileScan | null;

/** `hash` is that of the contents: the cache has the same text where it keeps any. O(size of the scan) for large files. */
export function shelveScan(
  scan: FileScan,
  cache: FactCache,
  { key, stamp, hash }: { readonly key: string; readonly stamp: FileStamp; readonly hash: string | null },
): ShelvedScan {
  if (stamp.bytes < LARGE_SOURCE_BYTES) return asItIs(scan);
  if (hash !== null && cache.hashOf(key) === hash) return inCache(cache, key, stamp, hash);
  return asText(deflateRawSync(JSON.stringify(scan), FAST));
}

/** Generated code repeats itself: more effort takes longer and saves nothing that matters. */
const FAST = { level: 1 };

// Functions of their own: one made in `shelveScan` would keep all that its neighbours use, the scan too.
function asItIs(scan: FileScan): ShelvedScan {
  return () => scan;
}

function inCache(cache: FactCache, key: string, stamp: FileStamp, hash: string): ShelvedScan {
  return () => parseScan(cache.findByHash(key, stamp, hash));
}

function asText(packed: Buffer): ShelvedScan {
  return () => parseScan(inflateRawSync(packed).toString("utf8"));
}
