// `memray stats --json`: the lines that allocated most, by bytes and by number, over the whole run (memray 1.20,
// memray/reporters/stats.py). What was freed again is in it, so it is no picture of what is held.

import { fail, ok, type Result } from "../base/result.ts";
import type { AllocationLine } from "../model/allocation-lines-report.ts";
import type { Place, ReadLines } from "./line-sums.ts";

type Fields = Readonly<Record<string, unknown>>;

/** True when the text of a JSON file has what only this report has. */
export function isMemrayStats(start: string): boolean {
  return start.trimStart().startsWith("{") && /"(?:total_bytes_allocated|total_num_allocations)"/.test(start);
}

/** Fails with what is wrong, as the end of a sentence. */
export function readMemrayStats(text: string): Result<ReadLines, string> {
  const stats = asFields(parseJson(text));
  if (stats === null) return fail("it is no JSON object");
  const bytes = amount(stats["total_bytes_allocated"]);
  const blocks = amount(stats["total_num_allocations"]);
  const bySize = rowsOf(stats["top_allocations_by_size"], "size");
  const byCount = rowsOf(stats["top_allocations_by_count"], "count");
  if (bytes === null || blocks === null || bySize === null || byCount === null)
    return fail("it has not the fields of memray's statistics");
  return ok({
    tool: "memray",
    kept: "all",
    bytes,
    blocks,
    lines: merged(bySize, byCount),
    rest: { lines: 0, bytes: 0, blocks: 0 },
    isComplete: false,
    warnings: [
      "memray's statistics count all that was allocated, freed or not, and name the largest lines only; `memray transform csv --leaks` says what was left.",
    ],
  });
}

interface Row extends Place {
  readonly amount: number;
}

function merged(bySize: readonly Row[], byCount: readonly Row[]): readonly AllocationLine[] {
  const counts = new Map(byCount.map((row) => [keyOf(row), row]));
  const lines = bySize.map(({ amount: bytes, ...place }): AllocationLine => {
    const count = counts.get(keyOf({ ...place, amount: 0 }));
    counts.delete(keyOf({ ...place, amount: 0 }));
    return { ...place, bytes, blocks: count?.amount ?? null };
  });
  return [...lines, ...[...counts.values()].map(({ amount: blocks, ...place }) => ({ ...place, bytes: null, blocks }))];
}

function keyOf({ file, line, function: name }: Row): string {
  return `${line} ${name ?? ""} ${file}`;
}

function rowsOf(value: unknown, name: string): readonly Row[] | null {
  if (!Array.isArray(value)) return null;
  const rows = value.map((row) => rowOf(asFields(row), name));
  return rows.every((row) => row !== null) ? rows : null;
}

function rowOf(row: Fields | null, name: string): Row | null {
  const place = typeof row?.["location"] === "string" ? placeOf(row["location"]) : null;
  const found = amount(row?.[name]);
  return place === null || found === null ? null : { ...place, amount: found };
}

/** "fill:/srv/app/shop.py:18". Native lines have no number. */
function placeOf(location: string): Place {
  const [, name = null, file = location, line = "0"] = /^([^:]*):(.*):(\d+)$/s.exec(location) ?? [];
  return { function: name, file, line: Number(line) };
}

function amount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
