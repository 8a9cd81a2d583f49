// What one file contributes, as it comes out of the cache or out of a thread.

import type { FileScan, ScanDone, ScanJob } from "../../workers/scan-jobs.ts";
import type { FactCache, FileStamp } from "./fact-cache.ts";

/** Null also for an entry that is no JSON any more: the file is scanned again. */
export function parseScan(text: string | null): FileScan | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as FileScan;
  } catch {
    return null;
  }
}

/** The scan behind `done`, kept under `key` when it is new and of the disk. */
export function keepScan(job: ScanJob, done: ScanDone, key: string, stamp: FileStamp, cache: FactCache): FileScan {
  switch (done.kind) {
    case "known":
      return parseScan(cache.findByHash(key, stamp, done.hash)) ?? unreadable(job, "its entry in the cache is damaged");
    case "scanned":
      if (job.bytes === null) cache.put(key, stamp, done.hash, () => JSON.stringify(done.scan));
      return done.scan;
    case "packed":
      if (job.bytes === null) cache.put(key, stamp, done.hash, () => done.text);
      return JSON.parse(done.text) as FileScan;
    case "unreadable":
      return unreadable(job, done.reason);
  }
}

function unreadable({ path: file }: ScanJob, reason: string): FileScan {
  const problems = [{ file, line: null, column: null, message: `It cannot be read: ${reason}.` }];
  return { path: file, lines: 0, facts: null, cFacts: null, evidence: {}, suppressions: [], problems };
}
