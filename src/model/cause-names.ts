// The causes of the mission by their short names; docs/causes has a page for each.

import type { CauseId } from "./diagnosis.ts";

export const CAUSE_NAMES: Readonly<Record<CauseId, string>> = {
  L1: "unbounded cache or dict",
  L2: "growing list, set or registry",
  L3: "unbounded lru_cache",
  L4: "cache on a method",
  L5: "large values in a cache",
  L6: "cache keys that never hit",
  L7: "reference cycles",
  L8: "closure over a large object",
  L9: "decorator that keeps state",
  L10: "callback never unregistered",
  L11: "thread-local residue",
  L12: "exception, traceback or frame",
  L13: "loggers and handlers",
  L14: "file, socket or session not closed",
  L15: "unbounded queue, executor or tasks",
  L16: "growth outside Python",
  L17: "mutable default or class attribute",
  L18: "not a leak",
};

export function causeName(cause: CauseId): string {
  return CAUSE_NAMES[cause] ?? "unknown cause";
}
