// What was done to caches, one command per line, for other programs: JSON Lines, or CSV as RFC 4180 has it.

import type { CacheHistoryEntry, HitRatio } from "../model/cache-command.ts";

/** In this order; what is nested follows, with the ratio and the length of its window. */
const COLUMNS = [
  "op",
  "at",
  "action",
  "selector",
  "share",
  "setting",
  "reason",
  "by",
  "outcome",
  "applied",
  "missing",
  "tookMs",
] as const satisfies readonly (keyof CacheHistoryEntry)[];
const WINDOWS = ["hitsBefore", "hitsAfter"] as const satisfies readonly (keyof CacheHistoryEntry)[];

/** `hasValues`: also what stands behind the name of a tag, which may be a customer. O(commands). */
export function cacheHistoryExport(
  commands: readonly CacheHistoryEntry[],
  format: "jsonl" | "csv",
  hasValues: boolean,
): string {
  const rows = hasValues ? commands : commands.map((each) => ({ ...each, selector: withoutValue(each.selector) }));
  if (format === "jsonl") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const lines = rows.map((row) => [
    ...COLUMNS.map((column) => cell(row[column])),
    ...WINDOWS.flatMap((window) => windowCells(row[window]).map(cell)),
  ]);
  const head = [...COLUMNS, ...WINDOWS.flatMap((window) => [window, `${window}Calls`, `${window}Seconds`])];
  return [head, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

/** Ratio, calls and seconds. */
function windowCells(hits: HitRatio | null): readonly (number | null)[] {
  return hits === null ? [null, null, null] : [Number((hits.hits / hits.calls).toFixed(6)), hits.calls, hits.seconds];
}

/** `tag:user:42` is `tag:user:…`; a tag without a colon is all value. */
function withoutValue(selector: string): string {
  const [, name] = /^tag:([^:]*:)?/.exec(selector) ?? [];
  return selector.startsWith("tag:") ? `tag:${name ?? ""}…` : selector;
}

/** What a spreadsheet would take for a formula is text. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
