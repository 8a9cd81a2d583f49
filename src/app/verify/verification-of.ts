// From rounds and a diagnosis to the verification: what is proved, and what of it somebody knows already.

import { judgeRounds, perCallOf } from "../../watch/judge-rounds.ts";
import { nativeLeak } from "../../diagnose/native-leak.ts";
import { sizesOf } from "../../diagnose/series-of-place.ts";
import type { Diagnosis, Leak } from "../../model/diagnosis.ts";
import type {
  KnownGrowth,
  Verification,
  VerificationVerdict,
  VerifiedLeak,
  VerifiedRound,
} from "../../model/verification.ts";
import { isExpired } from "./known-growth-file.ts";
import { callsOf, isNativeGrowing, liveBytesOf, type Measured, type RanRounds } from "./run-rounds.ts";

export interface VerificationParts {
  readonly ran: RanRounds;
  readonly diagnosis: Diagnosis;
  readonly known: readonly KnownGrowth[];
  readonly nowMs: number;
  readonly scenario: Verification["scenario"];
}

export function verificationOf(parts: VerificationParts): Verification {
  const { ran, known, nowMs, scenario } = parts;
  const { measured } = ran;
  const found = withNative(parts.diagnosis, ran);
  const diagnosis = { ...found, leaks: found.leaks.map((leak) => raised(leak)) };
  const valid = known.filter((each) => !isExpired(each, nowMs));
  const leaks = diagnosis.leaks.map((leak) => verifiedLeak(leak, ran, valid));
  const [before] = measured;
  return {
    schema: "deadweight/verification@1",
    verdict: verdictOf(leaks),
    scenario,
    before: { liveBytes: before === undefined ? 0 : liveBytesOf(before), rssBytes: before?.rssBytes ?? 0 },
    rounds: measured.slice(1).map((each, at) => roundOf(each, measured[at] ?? each)),
    leaks,
    diagnosis: verdictOf(leaks) === "leak" ? { ...diagnosis, verdict: "leak" } : diagnosis,
    warnings: [...ran.warnings, ...baselineWarnings(parts, leaks)],
  };
}

/** Rounds show growth outside the Python heap where the clock, with a pause for each snapshot, does not. */
function withNative(diagnosis: Diagnosis, { judged, measured }: RanRounds): Diagnosis {
  if (measured.length < 3 || !isNativeGrowing(measured)) return diagnosis;
  const { seconds, observation } = judged;
  const sizes = measured.map((each) => each.rssBytes);
  const series = judgeRounds({ sizes, calls: callsOf(measured), seconds, one: "byte", bound: null, family: 1 });
  if (series.shape !== "growing") return diagnosis;
  const { nativeBytes } = diagnosis.memory;
  const { extensions } = observation;
  const leak = nativeLeak({ series, grownBytes: series.last - series.first, nativeBytes, extensions, seconds });
  const others = diagnosis.leaks.filter(({ holder }) => holder.kind !== "native");
  const isAlone = others.length === 0;
  return {
    ...diagnosis,
    ...(isAlone ? { verdict: "native", because: leak.because } : {}),
    leaks: [...others, leak],
  };
}

/** Rounds prove small leaks, too: in a scenario nothing else has to explain the growth of the heap. */
function raised(leak: Leak): Leak {
  const isRaised = leak.growth.isUnbroken && leak.confidence === "likely";
  return isRaised ? { ...leak, confidence: "proved" } : leak;
}

function verdictOf(leaks: readonly VerifiedLeak[]): VerificationVerdict {
  const proved = leaks.filter(({ isProved }) => isProved);
  if (proved.length === 0) return leaks.length === 0 ? "no-growth" : "growing";
  return proved.every(({ known }) => known !== null) ? "known" : "leak";
}

function verifiedLeak(leak: Leak, { judged, measured }: RanRounds, known: readonly KnownGrowth[]): VerifiedLeak {
  const calls = callsOf(measured);
  const place = judged.places.find(({ growth }) => growth.holder.path === leak.holder.path);
  const rss = measured.map(({ rssBytes }) => rssBytes);
  const { values: sizes, unit } = place === undefined ? { values: rss, unit: "bytes" as const } : sizesOf(place.growth);
  // Nobody in the Python heap holds what is native: its rounds are those of the resident memory.
  const { seconds } = judged;
  const isUnbroken =
    place !== undefined || judgeRounds({ sizes, calls, seconds, one: "byte", bound: null, family: 1 }).isUnbroken;
  return {
    fingerprint: leak.fingerprint,
    path: leak.holder.path,
    unit,
    sizes,
    perCall: perCallOf({ sizes, calls }),
    isProved: isUnbroken && (place === undefined || leak.confidence === "proved"),
    known: known.find(({ fingerprint }) => fingerprint === leak.fingerprint) ?? null,
  };
}

function roundOf(after: Measured, before: Measured): VerifiedRound {
  return {
    calls: after.calls,
    seconds: (after.heap.atMs - before.heap.atMs) / 1000,
    liveBytes: liveBytesOf(after),
    liveGrowthBytes: liveBytesOf(after) - liveBytesOf(before),
    rssBytes: after.rssBytes,
    rssGrowthBytes: after.rssBytes - before.rssBytes,
  };
}

function baselineWarnings({ known, nowMs }: VerificationParts, leaks: readonly VerifiedLeak[]): readonly string[] {
  return known.flatMap((each) => {
    const isThere = leaks.some(({ fingerprint }) => fingerprint === each.fingerprint);
    if (!isThere)
      return [`The baseline knows ${each.fingerprint} (${each.because}), which does not grow any more: take it out.`];
    if (!isExpired(each, nowMs)) return [];
    return [`The baseline's entry for ${each.fingerprint} ended on ${each.until} (${each.because}): it counts again.`];
  });
}
