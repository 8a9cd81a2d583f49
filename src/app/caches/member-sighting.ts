// What a follower says in its row of the stream's members beyond how far it is: whether it obeys settings, and what the caches that a command
// concerns have done in it. python/src/deadweight/_redis/sightings.py writes it; other clients do not, and then nothing is known of them.

import type { MemberRow } from "../../client/tier-protocol.ts";
import { summedHits } from "../../govern/hit-ratio.ts";
import type { GuardFigures } from "../../govern/judge-canary.ts";
import type { HitRatio } from "../../model/cache-command.ts";

export interface Sighting {
  /** It has a cache of that name. */
  readonly known: boolean;
  readonly entries: number;
  /** Since its caches exist. */
  readonly loads: number;
  readonly loadMs: number;
  /** From the change before the command to it. */
  readonly before: HitRatio;
  /** Since it has applied the command. */
  readonly since: GuardFigures;
}

type Loose<T> = { readonly [Name in keyof T]?: unknown };

/** Null when it says nothing of this command. */
export function sightingOf(row: MemberRow, op: string): Sighting | null {
  const { seen } = row as { readonly seen?: Loose<Sighting & { readonly op: string }> };
  if (seen === undefined || seen.op !== op) return null;
  const numbers = (of: unknown, name: string): number => Number((of as Loose<Record<string, unknown>>)?.[name]) || 0;
  const { before, since } = seen;
  return {
    known: seen.known === true,
    entries: numbers(seen, "entries"),
    loads: numbers(seen, "loads"),
    loadMs: numbers(seen, "loadMs"),
    before: { hits: numbers(before, "hits"), calls: numbers(before, "calls"), seconds: numbers(before, "seconds") },
    since: {
      hits: numbers(since, "hits"),
      loads: numbers(since, "loads"),
      loadMs: numbers(since, "loadMs"),
      errors: numbers(since, "errors"),
    },
  };
}

/** own: it has obeyed when it has applied. table: it and the processes of its table obey at their next call. null: it knows no settings. */
export function obeyingOf(row: MemberRow): "own" | "table" | null {
  const { settings } = row as { readonly settings?: unknown };
  return settings === "own" || settings === "table" ? settings : null;
}

/** Where its pid is one, as `ownPlace` has it; null where it does not say. */
export function placeOf(row: MemberRow): string | null {
  const { place } = row as { readonly place?: unknown };
  return typeof place === "string" && place !== "" ? place : null;
}

/** What all who say something have done since. */
export function summedSince(sightings: readonly Sighting[]): GuardFigures {
  const sum = (of: (figures: GuardFigures) => number): number =>
    sightings.reduce((total, { since }) => total + of(since), 0);
  return {
    hits: sum(({ hits }) => hits),
    loads: sum(({ loads }) => loads),
    loadMs: sum(({ loadMs }) => loadMs),
    errors: sum(({ errors }) => errors),
  };
}

export function summedBefore(sightings: readonly Sighting[]): HitRatio | null {
  return summedHits(sightings.map(({ before }) => before).filter(({ calls }) => calls > 0));
}
