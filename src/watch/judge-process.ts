// What is the matter with the process as a whole, from its signals and its judged holders.

import { formatBytes } from "../base/format-bytes.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { ProcessVerdict, RuledOut } from "../model/diagnosis.ts";
import type { SeriesVerdict } from "../model/verdict.ts";
import type { HolderEvidence, ProcessEvidence } from "./process-evidence.ts";
import { type ProcessFacts, processFacts } from "./process-facts.ts";
import { PROCESS_RULES, type ProcessRuling } from "./process-rules.ts";

export interface ProcessJudgement {
  readonly verdict: ProcessVerdict;
  readonly because: readonly string[];
  readonly ruledOut: readonly RuledOut[];
  readonly wouldChange: string;
  /** Those that the verdict is about: proved for `leak`, suspected for `suspect`, the reason for `filling` and `load`. */
  readonly holders: readonly HolderEvidence[];
  /** Resident and swapped bytes, for the forecast. */
  readonly resident: SeriesVerdict;
  /** Live Python bytes; null when neither the allocator nor two snapshots tell. */
  readonly live: SeriesVerdict | null;
}

/**
 * Judges a process. `leak` needs holders that rose without a break, are unbounded, survive a collection and together explain half of the
 * growth. O(n) for n samples.
 */
export function judgeProcess(evidence: ProcessEvidence): ProcessJudgement {
  const facts = processFacts(evidence);
  for (const rule of PROCESS_RULES) {
    const ruling = rule(facts, evidence.holders);
    if (ruling !== null) return judgement(ruling, facts, evidence);
  }
  return judgement(steady(facts), facts, evidence);
}

function judgement(ruling: ProcessRuling, facts: ProcessFacts, { holders }: ProcessEvidence): ProcessJudgement {
  const ruledOut = isGrowth(ruling.verdict) ? otherReasons(ruling.verdict, facts, holders) : [];
  return { ...ruling, ruledOut, resident: facts.resident, live: facts.live };
}

function isGrowth(verdict: ProcessVerdict): boolean {
  return verdict === "leak" || verdict === "suspect" || verdict === "growing" || verdict === "native";
}

/** With too little to see, the verdict says so and is no alarm. */
function steady({ resident, live }: ProcessFacts): ProcessRuling {
  const shown = live !== null && live.shape !== "unclear" ? live : resident;
  const what = shown === live ? "Live Python objects" : "Resident memory";
  const because = [`${what}: ${shown.because.join(" ")}`];
  return { verdict: "steady", because, wouldChange: shown.wouldChange, holders: [] };
}

function otherReasons(verdict: ProcessVerdict, facts: ProcessFacts, holders: readonly HolderEvidence[]): RuledOut[] {
  return [...fragmentation(facts), ...native(verdict, facts), ...filling(holders), ...garbage(facts), ...load(facts)];
}

function fragmentation({ allocatorFreeChange: free, anonChange }: ProcessFacts): RuledOut[] {
  if (free === null) return [];
  const came = anonChange > 0 ? `, of ${formatBytes(anonChange)} that came` : "";
  const because =
    free > 0
      ? `Free memory inside Python's allocator grew by ${formatBytes(free)} only${came}.`
      : "Free memory inside Python's allocator did not grow.";
  return [{ what: "fragmentation", because }];
}

function native(verdict: ProcessVerdict, { liveChange, anonChange }: ProcessFacts): RuledOut[] {
  if (verdict === "native" || liveChange === null || anonChange <= 0 || liveChange < anonChange / 2) return [];
  const share = formatPercent(Math.min(1, liveChange / anonChange), 0);
  return [{ what: "native", because: `Live Python objects explain ${share} of the private memory that came.` }];
}

function filling(holders: readonly HolderEvidence[]): RuledOut[] {
  const share = holders.reduce(
    (sum, { growth, shareOfGrowth }) => sum + (growth.shape === "filling" ? shareOfGrowth : 0),
    0,
  );
  const because =
    share > 0
      ? `Bounded caches that fill up explain ${formatPercent(share)} of the growth.`
      : "No bounded cache that was seen is filling up.";
  return [{ what: "filling", because }];
}

function garbage({ garbage: series, garbageChange, liveChange }: ProcessFacts): RuledOut[] {
  if (series === null || (liveChange !== null && garbageChange > liveChange / 2)) return [];
  const because =
    garbageChange > 0 ? `Garbage cycles grew by ${formatBytes(garbageChange)} only.` : "Garbage cycles did not grow.";
  return [{ what: "garbage that waits for the collector", because }];
}

function load({ resident }: ProcessFacts): RuledOut[] {
  return resident.ruledOut.filter(({ what }) => what === "load");
}
