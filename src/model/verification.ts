// `deadweight verify --json`: what a scenario leaves behind, run over and over in rounds that grow.

import type { Diagnosis } from "./diagnosis.ts";

/**
 * no-growth: a round left nothing behind. leak: something grew in every round, and nothing explains it. known: as leak, and all of it
 * is in the baseline. growing: it grew until the last round, and that is no proof.
 */
export const VERIFICATION_VERDICTS = ["no-growth", "leak", "known", "growing"] as const;
export type VerificationVerdict = (typeof VERIFICATION_VERDICTS)[number];

/** The process after a round; growth is against the end of the round before. */
export interface VerifiedRound {
  readonly calls: number;
  readonly seconds: number;
  readonly liveBytes: number;
  readonly liveGrowthBytes: number;
  readonly rssBytes: number;
  readonly rssGrowthBytes: number;
}

/** A leak that a baseline expects. */
export interface KnownGrowth {
  readonly fingerprint: string;
  /** Day until which it is expected, that day included, as 2027-01-31. */
  readonly until: string;
  readonly because: string;
}

export interface VerifiedLeak {
  /** Of one of `diagnosis.leaks`. */
  readonly fingerprint: string;
  readonly path: string;
  /** Entries of a container, objects, or bytes. */
  readonly unit: "entries" | "objects" | "bytes";
  /** Before the first round and after each: one more than there are rounds. */
  readonly sizes: readonly number[];
  /** Growth of each round by the calls of that round: what a leak keeps the same. */
  readonly perCall: readonly number[];
  readonly isProved: boolean;
  /** Null when it is not in the baseline, or no longer. */
  readonly known: KnownGrowth | null;
}

/** `deadweight verify --json`. */
export interface Verification {
  readonly schema: "deadweight/verification@1";
  readonly verdict: VerificationVerdict;
  readonly scenario: {
    readonly command: readonly string[];
    readonly warmUpCalls: number;
    /** Rounds that would have been run if each had grown. */
    readonly mostRounds: number;
  };
  /** After the warm-up. */
  readonly before: { readonly liveBytes: number; readonly rssBytes: number };
  readonly rounds: readonly VerifiedRound[];
  readonly leaks: readonly VerifiedLeak[];
  /** Of the time from the first round to the last: holders, causes, lines. */
  readonly diagnosis: Diagnosis;
  readonly warnings: readonly string[];
}
