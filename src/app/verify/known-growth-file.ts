// The leaks that somebody knows and lives with for a while: `deadweight verify --baseline FILE`.

import { readFileSync } from "node:fs";
import { fail, ok, type Result } from "../../base/result.ts";
import type { KnownGrowth } from "../../model/verification.ts";

const SCHEMA = "deadweight/known-growth@1";
const EXAMPLE = `{"schema": "${SCHEMA}", "known": [{"fingerprint": "0123456789abcdef", "until": "2027-01-31", "because": "..."}]}`;

/** Fails with a sentence that shows what such a file looks like. */
export function readKnownGrowth(file: string): Result<readonly KnownGrowth[], string> {
  try {
    const document: unknown = JSON.parse(readFileSync(file, "utf8"));
    const known = knownIn(document);
    return known === null ? fail(`${file} is no list of known growth. It looks like this: ${EXAMPLE}`) : ok(known);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(`the baseline ${file} cannot be read (${why}). It looks like this: ${EXAMPLE}`);
  }
}

function knownIn(document: unknown): readonly KnownGrowth[] | null {
  if (typeof document !== "object" || document === null) return null;
  if (!("schema" in document) || document.schema !== SCHEMA || !("known" in document)) return null;
  const { known } = document;
  return Array.isArray(known) && known.every(isKnownGrowth) ? known : null;
}

function isKnownGrowth(each: unknown): each is KnownGrowth {
  if (typeof each !== "object" || each === null) return false;
  if (!("fingerprint" in each) || !("until" in each) || !("because" in each)) return false;
  const { fingerprint, until, because } = each;
  if (typeof fingerprint !== "string" || typeof because !== "string" || typeof until !== "string") return false;
  return /^\d{4}-\d\d-\d\d$/.test(until) && !Number.isNaN(Date.parse(until));
}

/** The day of `until` counts in full, by the calendar of UTC. */
export function isExpired({ until }: KnownGrowth, nowMs: number): boolean {
  return new Date(nowMs).toISOString().slice(0, 10) > until;
}
