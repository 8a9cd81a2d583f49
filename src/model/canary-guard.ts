// The guard of a canary as a person gives it: what must stay true while a first part is watched.

import { fail, ok, type Result } from "../base/result.ts";

/** Limits; null: not watched. */
export interface CanaryGuard {
  /** Least share of calls that are hits. */
  readonly hits: number | null;
  /** Longest mean time of a load, in milliseconds. */
  readonly loadMs: number | null;
  /** Largest share of loads that raise. */
  readonly errors: number | null;
}

/** "hits>=80%,load<=200ms,errors<=1%". A failure is one sentence. */
export function parseGuard(text: string): Result<CanaryGuard, string> {
  let guard: CanaryGuard = { hits: null, loadMs: null, errors: null };
  for (const part of text.split(",")) {
    const read = limitOf(part.trim());
    if (read === null)
      return fail(
        `--guard is a list of hits>=SHARE, load<=TIME and errors<=SHARE, as 'hits>=80%,load<=200ms,errors<=1%'; '${part.trim()}' is none of them`,
      );
    guard = { ...guard, ...read };
  }
  return ok(guard);
}

function limitOf(part: string): Partial<CanaryGuard> | null {
  const [, what, number, unit] = /^(hits>=|load<=|errors<=)\s*(\d*\.?\d+)(%|ms|s)?$/.exec(part) ?? [];
  const value = Number(number);
  if (what === "load<=") return unit === "ms" ? { loadMs: value } : unit === "s" ? { loadMs: value * 1000 } : null;
  const share = unit === "%" ? value / 100 : unit === undefined ? value : Number.NaN;
  if (what === undefined || !(share <= 1)) return null;
  return what === "hits>=" ? { hits: share } : { errors: share };
}
