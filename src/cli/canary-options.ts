// Options of commands that change caches: try it on a part first, watch it, and take it back by itself.

import { fail, ok, type Result } from "../base/result.ts";
import { parseGuard } from "../model/canary-guard.ts";
import type { CanaryWatch } from "./actions.ts";

export const CANARY_OPTIONS = {
  guard: {
    kind: "text",
    placeholder: "LIMITS",
    summary: "take it back as soon as one is broken, as 'hits>=80%,load<=200ms,errors<=1%'",
  },
  watch: {
    kind: "seconds",
    placeholder: "TIME",
    default: 30,
    summary: "with --guard: how long it is watched",
  },
  "dry-run": { kind: "flag", summary: "print the bill (entries, bytes, seconds of loading), and change nothing" },
} as const;

interface GivenCanary {
  readonly guard: string | null;
  readonly watch: number;
}

/** Null when nobody watches. A failure is one sentence. */
export function canaryOf({ guard, watch }: GivenCanary, signal: AbortSignal): Result<CanaryWatch | null, string> {
  if (guard === null) return ok(null);
  const limits = parseGuard(guard);
  return limits.ok ? ok({ guard: limits.value, watchSeconds: watch, signal }) : fail(limits.error);
}

/** "5%" or "0.05"; null for anything else. */
export function shareOf(text: string): number | null {
  const [, number, percent] = /^(\d*\.?\d+)(%)?$/.exec(text) ?? [];
  const share = Number(number) / (percent === undefined ? 1 : 100);
  return share > 0 && share <= 1 ? share : null;
}
