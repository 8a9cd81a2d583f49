// Keeps a recording small for ever: what is old is kept at longer gaps, what is too old goes, and so does the oldest part of
// what is still too much.

import type { HistoryDatabase } from "./history-database.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Older than that: one value for each gap. */
const TIERS: readonly { readonly olderMs: number; readonly gapMs: number }[] = [
  { olderMs: HOUR_MS, gapMs: MINUTE_MS },
  { olderMs: 24 * HOUR_MS, gapMs: 10 * MINUTE_MS },
];
/** Of what is kept; dropped at once when the file is too large. */
const DROPPED_SHARE = 0.1;
const MOST_DROPS = 8;

export interface ThinningLimits {
  readonly keepMs: number;
  readonly mostBytes: number;
}

/** O(rows that are kept): to be done every few minutes. Throws what the database throws. */
export function thinHistory(database: HistoryDatabase, nowMs: number, { keepMs, mostBytes }: ThinningLimits): void {
  dropBefore(database, nowMs - keepMs);
  for (const { olderMs, gapMs } of TIERS) {
    const untilMs = nowMs - olderMs;
    if (untilMs <= 0) continue;
    for (const [table, owner] of OWNED) database.prepare(thinning(table, owner)).run(untilMs, gapMs, gapMs);
  }
  for (let drops = 0; drops < MOST_DROPS && usedBytes(database) > mostBytes; drops++) {
    const first = firstMs(database);
    dropBefore(database, first + (nowMs - first) * DROPPED_SHARE);
  }
}

const OWNED = [
  ["sample", "process"],
  ["point", "holder"],
] as const;

/** The first of each gap stays, whatever is deleted before it is looked at. Numbers arrive as REAL, whose division is not whole. */
function thinning(table: string, owner: string): string {
  return `DELETE FROM ${table} WHERE at_ms < ? AND EXISTS (
    SELECT 1 FROM ${table} AS earlier WHERE earlier.${owner} = ${table}.${owner} AND earlier.at_ms < ${table}.at_ms
    AND earlier.at_ms >= (${table}.at_ms / CAST(? AS INTEGER)) * ?)`;
}

function dropBefore(database: HistoryDatabase, beforeMs: number): void {
  for (const table of ["sample", "point", "event", "snapshot"])
    database.prepare(`DELETE FROM ${table} WHERE at_ms < ?`).run(beforeMs);
  database.exec("DELETE FROM holder WHERE id NOT IN (SELECT holder FROM point)");
  database.exec("DELETE FROM process WHERE id NOT IN (SELECT process FROM sample)");
  database.exec("DELETE FROM ending WHERE process NOT IN (SELECT id FROM process)");
}

function firstMs(database: HistoryDatabase): number {
  const row = database.prepare("SELECT min(at_ms) AS at FROM sample").get() as { at: number | null };
  return row.at ?? 0;
}

/** Pages that are free are used again before the file grows. */
function usedBytes(database: HistoryDatabase): number {
  const facts = database.prepare(
    "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count) AS pages",
  );
  const { pages } = facts.get() as { pages: number };
  return pages * 4096;
}
