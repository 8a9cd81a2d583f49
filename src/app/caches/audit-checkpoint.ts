// How far an audit log was checked: that its first so many bytes were whole, and their hash. A command then checks only what has come since,
// so that a log of years does not slow it down. `caches verify` and `history` never use it.

import { createHash, type Hash as Hasher } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { ChainEnd } from "../../govern/audit-chain.ts";

interface Checkpoint extends ChainEnd {
  readonly bytes: number;
  /** SHA-256 of these bytes. */
  readonly sum: string;
}

export interface Checked {
  /** From where on lines are to be checked; 0 for all. */
  readonly bytes: number;
  /** Of the last line before that; null at the beginning. */
  readonly end: ChainEnd | null;
  /** Over the whole log so far; what is appended is to be added. */
  readonly hasher: Hasher;
}

/** What of the log need not be checked again. O(bytes), at the speed of SHA-256. */
export function checkedPart(path: string, log: Buffer): Checked {
  const hasher = createHash("sha256");
  const known = readCheckpoint(path);
  if (known === null || known.bytes > log.length) return { bytes: 0, end: null, hasher: hasher.update(log) };
  hasher.update(log.subarray(0, known.bytes));
  const isSame = hasher.copy().digest("hex") === known.sum;
  hasher.update(log.subarray(known.bytes));
  return isSame ? { bytes: known.bytes, end: known, hasher } : { bytes: 0, end: null, hasher };
}

/** It may be lost: then everything is checked. */
export function writeCheckpoint(path: string, bytes: number, end: ChainEnd, hasher: Hasher): void {
  const { seq, hash } = end;
  const checkpoint: Checkpoint = { bytes, sum: hasher.copy().digest("hex"), seq, hash };
  try {
    writeFileSync(path, JSON.stringify(checkpoint), { mode: 0o600 });
  } catch {
    // A full disk; the next command takes longer.
  }
}

function readCheckpoint(path: string): Checkpoint | null {
  try {
    const { bytes, sum, seq, hash } = JSON.parse(readFileSync(path, "utf8")) as Partial<Checkpoint>;
    if (typeof bytes !== "number" || typeof seq !== "number" || bytes < 0) return null;
    return typeof sum === "string" && typeof hash === "string" ? { bytes, sum, seq, hash } : null;
  } catch {
    return null;
  }
}
