// What `caches resize`, `ttl`, `freeze` and `thaw` set: the words of a row, and the words of a sentence.

import { countOf } from "../../base/format-count.ts";
import type { SettingWords } from "../../govern/audit-chain.ts";
import { FROZEN, UNBOUNDED } from "../../govern/table-layout.ts";
import type { SettingChange } from "./shared-table.ts";

/** "declared": as the program says. */
export type Limit = number | "none" | "declared";

export type SettingAsked =
  | { readonly action: "resize"; readonly maxsize: Limit }
  | { readonly action: "ttl"; readonly seconds: Limit }
  | { readonly action: "freeze" }
  | { readonly action: "thaw" };

/** Words of a row of settings. */
export interface SettingRowWords {
  readonly maxsize: bigint;
  readonly ttlMs: bigint;
  readonly flags: bigint;
  readonly workers: bigint;
}

/** As the program says, everywhere. */
export const NOTHING_SET: SettingRowWords = { maxsize: 0n, ttlMs: 0n, flags: 0n, workers: 0n };

export function inDecimal({ maxsize, ttlMs, flags, workers }: SettingRowWords): SettingWords {
  return { maxsize: String(maxsize), ttlMs: String(ttlMs), flags: String(flags), workers: String(workers) };
}

export function inWords({ maxsize, ttlMs, flags, workers }: SettingWords): SettingRowWords {
  return { maxsize: BigInt(maxsize), ttlMs: BigInt(ttlMs), flags: BigInt(flags), workers: BigInt(workers) };
}

export function changeOf(setting: SettingAsked): SettingChange {
  switch (setting.action) {
    case "resize":
      return { maxsize: wordOf(setting.maxsize, 1) };
    case "ttl":
      return { ttlMs: wordOf(setting.seconds, 1000) };
    case "freeze":
      return { flags: FROZEN };
    case "thaw":
      return { flags: 0n };
  }
}

function wordOf(limit: Limit, scale: number): bigint {
  if (limit === "declared") return 0n;
  return limit === "none" ? UNBOUNDED : BigInt(Math.round(limit * scale)) + 1n;
}

/** The end of a sentence: "keeps at most 500 entries now". */
export function wordsOf(setting: SettingAsked): string {
  switch (setting.action) {
    case "resize":
      return setting.maxsize === "declared"
        ? "has the bound again that the program says"
        : setting.maxsize === "none"
          ? "has no bound now"
          : `keeps at most ${countOf(setting.maxsize, "entry", "entries")} now`;
    case "ttl":
      return setting.seconds === "declared"
        ? "gives new entries the time again that the program says"
        : setting.seconds === "none"
          ? "lets new entries live for ever"
          : `lets new entries live for ${setting.seconds} s`;
    case "freeze":
      return "is frozen: what it holds stays the answer, and nothing new is kept, until it is cleared or thawed";
    case "thaw":
      return "is thawed: its entries end, come and go as before";
  }
}
