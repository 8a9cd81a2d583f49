// What a command is about: `ns:users`, `ns:users:v3`, `tag:user:42`, or the name of a function. And which part of it, when a
// clear begins with a few of the keys.

import { fail, ok, type Result } from "../base/result.ts";

/** Parts into which the keys of a namespace fall; python/src/deadweight/_cache/policy.py says the same. */
export const SLICES = 256;

export interface CacheSelector {
  /** As given. */
  readonly text: string;
  readonly kind: "function" | "namespace" | "tag";
  readonly name: string;
}

/** A failure is one sentence. */
export function parseCacheSelector(text: string): Result<CacheSelector, string> {
  const [, kind, name] = /^(fn|ns|tag):(.+)$/s.exec(text) ?? [null, "fn", text];
  if (name === undefined || name.trim() === "" || name !== name.trim() || /^(?:fn|ns|tag):$/.test(name))
    return fail(
      `'${text}' names no cache; give the name of a function, ns:NAMESPACE, ns:NAMESPACE:vVERSION or tag:TAG`,
    );
  return ok({ text, kind: KINDS[kind as keyof typeof KINDS], name });
}

const KINDS = { fn: "function", ns: "namespace", tag: "tag" } as const;

/** The scope whose token is changed for all of it. */
export function scopeOf({ kind, name }: CacheSelector): string {
  return `${{ function: "fn", namespace: "ns", tag: "tag" }[kind]}:${name}`;
}

/**
 * The slices of a namespace that a share of its keys falls into, at least one. Sticky: a larger share contains every smaller one.
 * Only namespaces have slices. `rank`: a number for each slice that is the same for ever.
 */
export function slicesOf(
  { kind, name }: CacheSelector,
  share: number,
  rank: (text: string) => number,
): Result<readonly string[], string> {
  if (kind !== "namespace" || /:v[^:]+$/.test(name))
    return fail("only a whole namespace (ns:NAME) can be cleared in part: functions and tags have no slices of keys");
  if (!(share > 0 && share <= 1))
    return fail(`a canary is a share of the keys above 0 and at most 100 %, not ${share * 100} %`);
  const scopes = Array.from({ length: SLICES }, (_, slice) => `slice:${name}:${slice}`);
  const ranked = scopes.map((scope) => ({ scope, rank: rank(`canary ${scope}`) })).sort((a, b) => a.rank - b.rank);
  return ok(ranked.slice(0, Math.max(1, Math.round(share * SLICES))).map(({ scope }) => scope));
}
