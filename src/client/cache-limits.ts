// How much a cache keeps in this process, and how long: the options that python/src/deadweight/_cache/policy.py has, too.

import { serialize } from "node:v8";
import type { LocalBounds } from "./local-entries.ts";

export interface LimitOptions {
  /** Most entries in this process; 128 without, 0: keeps nothing here. */
  readonly maxsize?: number;
  /** Most bytes in this process. A value larger than that is not kept here. */
  readonly maxBytes?: number;
  /** Bytes of a value; without, what it takes as a structured clone. */
  readonly size?: (value: unknown) => number;
  readonly ttlSeconds?: number;
  /** Share of a time by which entries may end earlier; 0.1 without. */
  readonly jitter?: number;
  /** Beyond `ttlSeconds`: so long the old value is the answer while a new one is loaded. */
  readonly staleWhileRevalidateSeconds?: number;
  /** Classes of errors that are kept, in this process, and rejected with again. */
  readonly cacheErrors?: readonly ErrorClass[];
  /** How long errors are kept; 1 without. */
  readonly errorTtlSeconds?: number;
}

type ErrorClass = abstract new (...given: never[]) => Error;

/** The options, checked. */
export interface CacheLimits extends LocalBounds {
  readonly graceMs: number;
  /** Of a value that is made now; null: for ever. */
  secondsToLive(): number | null;
  secondsOfError(): number;
  keepsError(error: unknown): boolean;
  /** 0 where bytes are not counted; Infinity for what cannot be measured. */
  sizeOf(value: unknown): number;
}

/** Throws a TypeError for options that cannot be meant. */
export function limitsOf(options: LimitOptions): CacheLimits {
  checkOptions(options);
  const { maxsize = 128, maxBytes = null, size = bytesOf, ttlSeconds = null, jitter = 0.1 } = options;
  const { staleWhileRevalidateSeconds = 0, cacheErrors = [], errorTtlSeconds = 1 } = options;
  const shortened = (seconds: number): number => seconds * (1 - jitter * Math.random());
  return {
    maxsize,
    maxBytes,
    graceMs: staleWhileRevalidateSeconds * 1000,
    secondsToLive: () => (ttlSeconds === null ? null : shortened(ttlSeconds)),
    secondsOfError: () => shortened(errorTtlSeconds),
    keepsError: (error) => cacheErrors.some((each) => error instanceof each),
    sizeOf: (value) => (maxBytes === null ? 0 : size(value)),
  };
}

function checkOptions(options: LimitOptions): void {
  const { maxsize = 0, maxBytes = 1, ttlSeconds, jitter = 0, staleWhileRevalidateSeconds: grace = 0 } = options;
  const refusals: readonly (readonly [isMeant: boolean, sentence: string])[] = [
    [Number.isInteger(maxsize) && maxsize >= 0, `maxsize is a whole number, not ${maxsize}`],
    [maxBytes >= 1, `maxBytes is 1 or more, not ${maxBytes}`],
    [isTime(ttlSeconds), `ttlSeconds is a time above 0, not ${ttlSeconds}`],
    [isTime(options.errorTtlSeconds), `errorTtlSeconds is a time above 0, not ${options.errorTtlSeconds}`],
    [jitter >= 0 && jitter < 1, `jitter is a share of ttlSeconds: 0 or more and less than 1, not ${jitter}`],
    [grace >= 0, `staleWhileRevalidateSeconds is a time in seconds, not ${grace}`],
    [
      grace === 0 || ttlSeconds !== undefined,
      "staleWhileRevalidateSeconds needs ttlSeconds: without one nothing becomes stale",
    ],
  ];
  const refused = refusals.find(([isMeant]) => !isMeant);
  if (refused !== undefined) throw new TypeError(refused[1]);
}

function isTime(seconds: number | undefined): boolean {
  return seconds === undefined || seconds > 0;
}

function bytesOf(value: unknown): number {
  try {
    return serialize(value).byteLength;
  } catch {
    // Functions, for example: nobody knows what they keep.
    return Number.POSITIVE_INFINITY;
  }
}
