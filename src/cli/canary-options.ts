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
    default: null,
    summary: "watch it for so long and record the hit ratio; with --guard 30s if not given",
  },
  "dry-run": { kind: "flag", summary: "print the bill (entries, bytes, seconds of loading), and change nothing" },
} as const;

const GUARDED_SECONDS = 30;

interface GivenCanary {
  readonly guard: string | null;
  readonly watch: number | null;
}

/** Null when nobody watches. A failure is one sentence. */
export function canaryOf({ guard, watch }: GivenCanary, signal: AbortSignal): Result<CanaryWatch | null, string> {
  if (guard === null) return ok(watch === null ? null : { guard: null, watchSeconds: watch, signal });
  const limits = parseGuard(guard);
  return limits.ok ? ok({ guard: limits.value, watchSeconds: watch ?? GUARDED_SECONDS, signal }) : fail(limits.error);
}

/** "5%" or "0.05"; null for anything else. */
export function shareOf(text: string): number | null {
  const [, number, percent] = /^(\d*\.?\d+)(%)?$/.exec(text) ?? [];
  const share = Number(number) / (percent === undefined ? 1 : 100);
  return share > 0 && share <= 1 ? share : null;
}
