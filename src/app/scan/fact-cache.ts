// What was learned of each file, kept between runs in one file: a line that says what wrote it, a line that lists the
// entries, then their texts. A cache that is damaged, or from another version, is as good as none.

import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** One file as it was when it was scanned. */
export interface FileStamp {
  readonly bytes: number;
  readonly modifiedMs: number;
}

interface Entry extends FileStamp {
  readonly hash: string;
  /** When a scan last used it. */
  readonly usedMs: number;
  /** JSON in UTF-8. */
  readonly text: Buffer;
}

/** Row of the list: key, bytes, modifiedMs, hash, usedMs, length of the text. */
type Row = readonly [key: string, bytes: number, modifiedMs: number, hash: string, usedMs: number, length: number];

export interface FactCache {
  /** What is known of the file if it surely has not changed since; null when somebody has to look. */
  readonly find: (key: string, stamp: FileStamp) => string | null;
  /** Hash of the contents that an entry was made of. */
  readonly hashOf: (key: string) => string | null;
  /** The same, when the contents are known. */
  readonly findByHash: (key: string, stamp: FileStamp, hash: string) => string | null;
  /** `text` is asked for only if it is kept. */
  readonly put: (key: string, stamp: FileStamp, hash: string, text: () => string) => void;
  /** Writes it whole or not at all, if anything is new. A cache that cannot be written is no failure. */
  readonly save: () => void;
}

const FILE = "facts.bin";
const LARGEST_BYTES = 256 * 1024 * 1024;
const OLDEST_MS = 30 * 24 * 3600 * 1000;
/** Some file systems count time in steps of two seconds: a file changed so shortly before may have changed again. */
const DOUBT_MS = 2000;

/** Keeps nothing, for a scan that is made once. */
export const NO_CACHE: FactCache = {
  find: () => null,
  hashOf: () => null,
  findByHash: () => null,
  put: () => undefined,
  save: () => undefined,
};

/** `folder` null: kept in memory only. `version` names everything that the entries depend on but the files. */
export function openFactCache(folder: string | null, version: string, nowMs: number): FactCache {
  const file = folder === null ? null : join(folder, FILE);
  const { entries, writtenMs } = file === null ? EMPTY : readEntries(file, version);
  const known = new Map(entries);
  let isChanged = false;
  const use = (key: string, entry: Entry): string => {
    known.set(key, { ...entry, usedMs: nowMs });
    return entry.text.toString("utf8");
  };
  return {
    find: (key, stamp) => {
      const entry = known.get(key);
      if (entry === undefined || !isSame(entry, stamp) || stamp.modifiedMs > writtenMs - DOUBT_MS) return null;
      return use(key, entry);
    },
    hashOf: (key) => known.get(key)?.hash ?? null,
    findByHash: (key, stamp, hash) => {
      const entry = known.get(key);
      if (entry === undefined || entry.hash !== hash) return null;
      isChanged = true;
      return use(key, { ...entry, ...stamp });
    },
    put: (key, { bytes, modifiedMs }, hash, text) => {
      isChanged = true;
      known.set(key, { bytes, modifiedMs, hash, usedMs: nowMs, text: Buffer.from(text(), "utf8") });
    },
    save: () => {
      if (file !== null && isChanged) writeEntries(file, version, nowMs, known);
    },
  };
}

interface Stored {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly writtenMs: number;
}

const EMPTY: Stored = { entries: new Map(), writtenMs: 0 };

function isSame(a: FileStamp, b: FileStamp): boolean {
  return a.bytes === b.bytes && a.modifiedMs === b.modifiedMs;
}

function readEntries(file: string, version: string): Stored {
  try {
    const all = readFileSync(file);
    const headEnd = all.indexOf(10);
    const head = JSON.parse(all.toString("utf8", 0, headEnd)) as { version?: string; writtenMs?: number; crc?: number };
    const body = all.subarray(headEnd + 1);
    if (head.version !== version || head.crc !== crc32(body)) return EMPTY;
    const listEnd = body.indexOf(10);
    const rows = JSON.parse(body.toString("utf8", 0, listEnd)) as readonly Row[];
    const entries = new Map<string, Entry>();
    let at = listEnd + 1;
    for (const [key, bytes, modifiedMs, hash, usedMs, length] of rows) {
      entries.set(key, { bytes, modifiedMs, hash, usedMs, text: body.subarray(at, at + length) });
      at += length;
    }
    return { entries, writtenMs: head.writtenMs ?? 0 };
  } catch {
    // Not there, not readable or not ours: it is written anew.
    return EMPTY;
  }
}

function writeEntries(file: string, version: string, nowMs: number, known: ReadonlyMap<string, Entry>): void {
  const kept = worthKeeping(known, nowMs);
  const rows = kept.map(
    ([key, each]): Row => [key, each.bytes, each.modifiedMs, each.hash, each.usedMs, each.text.length],
  );
  // Never joined: what is known of large files is as large as they are.
  const body = [Buffer.from(`${JSON.stringify(rows)}\n`), ...kept.map(([, each]) => each.text)];
  const crc = body.reduce((sum, part) => crc32(part, sum), 0);
  replaceFile(file, [Buffer.from(`${JSON.stringify({ version, writtenMs: nowMs, crc })}\n`), ...body]);
}

/** Latest used first, until it is enough. */
function worthKeeping(known: ReadonlyMap<string, Entry>, nowMs: number): [string, Entry][] {
  let room = LARGEST_BYTES;
  return [...known]
    .filter(([, each]) => nowMs - each.usedMs < OLDEST_MS)
    .toSorted(([, a], [, b]) => b.usedMs - a.usedMs)
    .filter(([, each]) => (room -= each.text.length) >= 0);
}

/** Puts `parts` in the place of `file` at once. A failure leaves what was there; nobody is told. */
export function replaceFile(file: string, parts: readonly Uint8Array[]): void {
  const partial = `${file}.${process.pid}.partial`;
  try {
    writeParts(partial, parts);
    renameSync(partial, file);
  } catch {
    rmSync(partial, { force: true });
  }
}

function writeParts(file: string, parts: readonly Uint8Array[]): void {
  const opened = openSync(file, "w");
  try {
    for (const part of parts) writeFileSync(opened, part);
  } finally {
    closeSync(opened);
  }
}
