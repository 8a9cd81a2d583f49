// What a size shows that was measured after rounds of calls: a leak leaves the same behind at each call, round after round. The
// method of psleak (psutil): rounds that grow by half, over at the first that leaves nothing (research: runtime-anchors, E).

import { threeDigits } from "./amounts.ts";
import type { SeriesShape, SeriesVerdict } from "../model/verdict.ts";

export interface RoundSizes {
  /** Before the first round and after each. */
  readonly sizes: readonly number[];
  /** Of each round. */
  readonly calls: readonly number[];
  /** From the first size to the last. */
  readonly seconds: number;
  /** How one of what is counted is called. */
  readonly one: "entry" | "object" | "byte";
  /** The most it can be; null when nothing bounds it. */
  readonly bound: number | null;
  /** How many places are judged together. */
  readonly family: number;
}

/** Rounds from which an unbroken rise is no accident among thousands of places (1/7! = 1 in 5,040). */
export const ROUNDS_FOR_PROOF = 7;
/** What is left behind per call in the late rounds must be this part of what it is over all: otherwise it levels off. */
const LEAST_LATE_SHARE = 0.5;
const LATE_ROUNDS = 3;
const DECIMALS = 100;

/** Growth per call of each round. */
export function perCallOf({ sizes, calls }: Pick<RoundSizes, "sizes" | "calls">): readonly number[] {
  return calls.map((count, at) => ((sizes[at + 1] ?? 0) - (sizes[at] ?? 0)) / Math.max(1, count));
}

/** At least one round. O(n). */
export function judgeRounds(rounds: RoundSizes): SeriesVerdict {
  const { sizes, calls, seconds, family } = rounds;
  const perCall = perCallOf(rounds);
  const allCalls = calls.reduce((sum, each) => sum + each, 0);
  const [first, last] = [sizes[0] ?? 0, sizes.at(-1) ?? 0];
  const rate = (last - first) / Math.max(1, allCalls);
  const callsPerSecond = allCalls / Math.max(0.001, seconds);
  const { shape, isUnbroken, because } = shapeOf(rounds, perCall, rate);
  return {
    shape,
    isUnbroken,
    windowSeconds: seconds,
    samples: sizes.length,
    first,
    last,
    slope: rate * callsPerSecond,
    slopeLow: Math.min(...perCall) * callsPerSecond,
    slopeHigh: Math.max(...perCall) * callsPerSecond,
    perUnitOfLoad: rate,
    // Of noise, each order of the sizes is as likely as any other.
    p: shape === "growing" ? Math.min(1, family / factorial(sizes.length)) : 1,
    because: [because],
    ruledOut: shape === "growing" ? ruledOut(rounds, perCall) : [],
    wouldChange: isUnbroken
      ? "A round that leaves nothing behind would change this."
      : `${ROUNDS_FOR_PROOF} rounds that all leave something behind would be proof.`,
  };
}

interface Shape {
  readonly shape: SeriesShape;
  readonly isUnbroken: boolean;
  readonly because: string;
}

function shapeOf({ sizes, bound, one }: RoundSizes, perCall: readonly number[], rate: number): Shape {
  const settled = (shape: SeriesShape, because: string): Shape => ({ shape, isUnbroken: false, because });
  const still = perCall.findIndex((each) => each <= 0);
  if (still >= 0) return settled("steady", `Round ${still + 1} left nothing behind in it.`);
  const last = sizes.at(-1) ?? 0;
  if (bound !== null && last <= bound)
    return settled("filling", `It holds ${threeDigits(last)} of at most ${threeDigits(bound)}, and fills up.`);
  const late = meanOf(perCall.slice(-LATE_ROUNDS));
  if (late < rate * LEAST_LATE_SHARE)
    return settled("warm-up", `It levels off: ${words(late, one)} in the last rounds, ${words(rate, one)} over all.`);
  const isUnbroken = perCall.length >= ROUNDS_FOR_PROOF;
  const spread = `${figure(Math.min(...perCall))} to ${figure(Math.max(...perCall))}`;
  return {
    shape: "growing",
    isUnbroken,
    because: `It grew in each of ${perCall.length} rounds, by ${words(rate, one)} (${spread} in single rounds).`,
  };
}

function ruledOut({ calls }: RoundSizes, perCall: readonly number[]): SeriesVerdict["ruledOut"] {
  const [least = 0, most = 0] = [calls[0], calls.at(-1)];
  return [
    {
      what: "warm-up",
      because: `the last rounds left ${figure(meanOf(perCall.slice(-LATE_ROUNDS)))} behind at each call, the first ${figure(perCall[0] ?? 0)}; what is made once does not`,
    },
    ...(most > least
      ? [
          {
            what: "load",
            because: `rounds of ${least} and of ${most} calls left behind in proportion to their calls, one call at a time`,
          },
        ]
      : []),
  ];
}

function words(rate: number, one: string): string {
  const many = one === "entry" ? "entries" : `${one}s`;
  return `${figure(rate)} ${rate === 1 ? one : many} per call`;
}

function figure(value: number): string {
  return Math.abs(value) >= DECIMALS ? threeDigits(value) : value.toFixed(2);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);
}

function factorial(of: number): number {
  return of <= 1 ? 1 : of * factorial(of - 1);
}
