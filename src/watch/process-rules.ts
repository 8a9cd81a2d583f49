// What is the matter with the process as a whole: rules in order, the first that applies says it. The ladder is that of
// research/runtime-anchors E; where memory grows and Python's does not, the tree of research/probe 5 (what can be told from outside).

import { formatBytes } from "../base/format-bytes.ts";
import { countOf } from "../base/format-count.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { ProcessVerdict } from "../model/diagnosis.ts";
import type { SeriesShape, SeriesVerdict } from "../model/verdict.ts";
import type { HolderEvidence } from "./process-evidence.ts";
import type { ProcessFacts } from "./process-facts.ts";

export interface ProcessRuling {
  readonly verdict: ProcessVerdict;
  readonly because: readonly string[];
  readonly wouldChange: string;
  /** The holders that it is about. */
  readonly holders: readonly HolderEvidence[];
}

type Rule = (facts: ProcessFacts, holders: readonly HolderEvidence[]) => ProcessRuling | null;

/** Of the growth; what explains less is not the reason. */
const MOST = 0.5;
/** A holder with less is not named as one of those that together explain the growth. */
const NOTABLE = 0.05;
/** Of the growth, in free blocks of the allocator (research/probe 5). */
const FREE_SHARE = 0.3;
/** Free memory that is worth a word even when nothing grows. */
const LARGE_FREE_BYTES = 64 * 1024 * 1024;
const LARGE_FREE_SHARE = 0.4;

export const PROCESS_RULES: readonly Rule[] = [
  provedLeak,
  endlessGarbage,
  suspectedLeak,
  explainedBy("filling"),
  explainedBy("load"),
  mainTaker,
  waitingGarbage,
  growingPython,
  sharedPages,
  mappedFiles,
  fragmented,
  moreThreads,
  workUnderWay,
  native,
  followsLoad,
  warmedUp,
  keptFree,
];

function provedLeak(_facts: ProcessFacts, holders: readonly HolderEvidence[]): ProcessRuling | null {
  const unbroken = holders.filter(
    ({ growth, isUnbounded, survivesCollection, shareOfGrowth }) =>
      growth.shape === "growing" && growth.isUnbroken && isUnbounded && survivesCollection && shareOfGrowth >= NOTABLE,
  );
  if (shareOf(unbroken) < MOST) return null;
  const because = unbroken.map(
    (holder) =>
      `${holder.path} grew by ${formatBytes(holder.grownBytes)}, ${formatPercent(Math.min(1, holder.shareOfGrowth))} of the growth, and nothing bounds it. ${holder.growth.because[0] ?? ""}`,
  );
  return { verdict: "leak", because, wouldChange: unbroken[0]?.growth.wouldChange ?? "", holders: unbroken };
}

/** Garbage that nobody will ever collect is a leak by the collector's own setting. */
function endlessGarbage(facts: ProcessFacts): ProcessRuling | null {
  const { garbage, garbageChange, isCollectorOff } = facts;
  if (!isCollectorOff || !isMostOfGrowth(facts, garbageChange) || garbage?.shape !== "growing") return null;
  const because = [
    `Garbage cycles grew by ${formatBytes(garbageChange)}, and the collector is switched off: nothing frees them.`,
    ...garbage.because,
  ];
  return { verdict: garbage.isUnbroken ? "leak" : "suspect", because, wouldChange: garbage.wouldChange, holders: [] };
}

function suspectedLeak(facts: ProcessFacts, holders: readonly HolderEvidence[]): ProcessRuling | null {
  const suspects = holders.filter(
    (holder) => holder.growth.shape === "growing" && holder.isUnbounded && holder.shareOfGrowth >= NOTABLE,
  );
  const some = suspects.toSorted((a, b) => b.grownBytes - a.grownBytes);
  const [first] = some;
  if (first === undefined) return null;
  if (!memoryGrows(facts) && !some.some(({ growth }) => growth.isUnbroken)) return null;
  const because = some.map(
    ({ path, grownBytes, growth }) => `${path} grew by ${formatBytes(grownBytes)}. ${growth.because[0] ?? ""}`,
  );
  because.push(whyNotProved(first, shareOf(some)));
  return { verdict: "suspect", because, wouldChange: first.growth.wouldChange, holders: some };
}

function whyNotProved(first: HolderEvidence, share: number): string {
  if (!first.survivesCollection) return "It is no proof yet: a collection may free it.";
  if (!first.growth.isUnbroken) return "It is no proof yet: the rise has gaps, or was watched for too short a time.";
  return `It is no proof yet: this explains ${formatPercent(Math.min(1, share))} of the growth, and proof needs half.`;
}

function explainedBy(shape: SeriesShape & ProcessVerdict): Rule {
  return (_facts, holders) => {
    const explaining = holders.filter(({ growth }) => growth.shape === shape);
    if (shareOf(explaining) < MOST) return null;
    const because = explaining.map(({ path, growth }) => `${path}: ${growth.because.join(" ")}`);
    return { verdict: shape, because, wouldChange: explaining[0]?.growth.wouldChange ?? "", holders: explaining };
  };
}

/** Without an alarm where the collector is at work: what it lets pile up is bounded. */
function waitingGarbage(facts: ProcessFacts): ProcessRuling | null {
  if (!memoryGrows(facts) || !isMostOfGrowth(facts, facts.garbageChange)) return null;
  const because = [
    `${formatBytes(facts.garbageChange)} of the growth are garbage cycles that the collector has not come to yet.`,
  ];
  const verdict = facts.isGarbageWaiting ? "steady" : "growing";
  return { verdict, because, wouldChange: "Watch until a full collection has run.", holders: [] };
}

/** What shows that live objects grow: their own series, or that of resident memory where they are most of its growth. */
function growthOfPython(facts: ProcessFacts): SeriesVerdict | null {
  const { live, resident, liveChange, residentChange, isLiveSteady } = facts;
  if (live?.shape === "growing") return live;
  if (isLiveSteady || resident.shape !== "growing" || liveChange === null) return null;
  return liveChange >= MOST * residentChange ? resident : null;
}

/** Live objects grow, and one holder took most of that; its own series shows too little to be called growing. */
function mainTaker(facts: ProcessFacts, holders: readonly HolderEvidence[]): ProcessRuling | null {
  if (growthOfPython(facts) === null) return null;
  const least = NOTABLE * Math.max(0, facts.liveChange ?? 0);
  const taker = holders.find(
    ({ growth, grownBytes, shareOfGrowth, isUnbounded, survivesCollection, isInFlight }) =>
      growth.shape === "unclear" &&
      shareOfGrowth >= MOST &&
      grownBytes >= least &&
      isUnbounded &&
      survivesCollection &&
      !isInFlight,
  );
  if (taker === undefined) return null;
  const because = [
    `Live Python objects grew by ${formatBytes(facts.liveChange ?? 0)}; ${taker.path} took ${formatPercent(Math.min(1, taker.shareOfGrowth))} of what the heap has grown by.`,
    `It is no proof yet. ${taker.growth.because[0] ?? ""}`.trim(),
  ];
  return { verdict: "suspect", because, wouldChange: taker.growth.wouldChange, holders: [taker] };
}

function growingPython(facts: ProcessFacts): ProcessRuling | null {
  const growth = growthOfPython(facts);
  if (growth === null) return null;
  const because = [
    `Live Python objects grew by ${formatBytes(facts.liveChange ?? 0)}, and no holder explains most of it.`,
    ...growth.because,
  ];
  return { verdict: "growing", because, wouldChange: growth.wouldChange, holders: [] };
}

function sharedPages(facts: ProcessFacts): ProcessRuling | null {
  const { proportionalChange, residentChange } = facts;
  if (!residentGrows(facts) || proportionalChange === null || proportionalChange >= residentChange / 10) return null;
  const because = [
    `Resident memory grew by ${formatBytes(residentChange)}, its proportional share by ${formatBytes(proportionalChange)}.`,
    "The process touched pages that it shares with others: no memory was added.",
  ];
  return {
    verdict: "steady",
    because,
    wouldChange: "Growth of the proportional share would change this.",
    holders: [],
  };
}

function mappedFiles(facts: ProcessFacts): ProcessRuling | null {
  if (!residentGrows(facts) || facts.fileChange < MOST * facts.residentChange) return null;
  const because = [
    `Mapped files and shared memory brought ${formatBytes(facts.fileChange)} of ${formatBytes(facts.residentChange)}; Python objects did not grow.`,
    "The kernel takes pages of files back when memory gets short.",
  ];
  return { verdict: "growing", because, wouldChange: facts.resident.wouldChange, holders: [] };
}

function moreThreads(facts: ProcessFacts): ProcessRuling | null {
  if (!residentGrows(facts) || facts.threadChange < 1) return null;
  const each = facts.anonChange / facts.threadChange;
  // A thread brings its stack's touched pages and an arena of malloc; much more than that has another reason.
  if (facts.threadChange < 3 && each > LARGE_FREE_BYTES) return null;
  const because = [
    `${countOf(facts.threadChange, "thread")} more than at first, and ${formatBytes(each)} of memory for each: stacks and what malloc keeps per thread.`,
  ];
  return {
    verdict: "growing",
    because,
    wouldChange: "Memory that grows while the number of threads stays would change this.",
    holders: [],
  };
}

function fragmented(facts: ProcessFacts): ProcessRuling | null {
  const { allocatorFreeChange: free, anonChange } = facts;
  if (!residentGrows(facts) || free === null || free < FREE_SHARE * anonChange) return null;
  const whereFree = facts.isUseVarying
    ? "are free inside Python's allocator when least is in use: work that comes and goes took them, and a few live objects hold their arenas."
    : "are free inside Python's allocator: their arenas are held by a few live objects.";
  const because = [
    `Of ${formatBytes(anonChange)} that came, ${formatBytes(Math.min(free, anonChange))} ${whereFree}`,
    `Live Python objects changed by ${formatBytes(facts.liveChange ?? 0)}.`,
  ];
  return { verdict: "fragmentation", because, wouldChange: "Growth of live objects would change this.", holders: [] };
}

/** Python's allocator took it, and gives it back and takes it again: what is under way needs more at a time. */
function workUnderWay(facts: ProcessFacts): ProcessRuling | null {
  const { allocatorChange, anonChange, isUseVarying, liveChange } = facts;
  if (!residentGrows(facts) || !isUseVarying || (allocatorChange ?? 0) < MOST * anonChange) return null;
  const because = [
    `Of ${formatBytes(anonChange)} that came, Python's allocator took ${formatBytes(allocatorChange ?? 0)}, and what is in use there comes and goes.`,
    `What stays of it changed by ${formatBytes(liveChange ?? 0)}: work that is under way takes the rest.`,
  ];
  return {
    verdict: "load",
    because,
    wouldChange: "Memory that stays when less is under way would change this.",
    holders: [],
  };
}

function native(facts: ProcessFacts): ProcessRuling | null {
  if (!residentGrows(facts) || facts.live === null) return null;
  const live = formatBytes(Math.max(0, facts.liveChange ?? 0));
  const free =
    facts.allocatorFreeChange === null
      ? ""
      : ` and the allocator's free memory by ${formatBytes(Math.max(0, facts.allocatorFreeChange))}`;
  const because = [
    `Private memory grew by ${formatBytes(facts.anonChange)}, live Python objects only by ${live}${free}.`,
    ...facts.resident.because,
    "It was asked for by C code, or malloc keeps what was given back: from outside the two look alike.",
  ];
  return { verdict: "native", because, wouldChange: facts.resident.wouldChange, holders: [] };
}

function followsLoad({ resident, live }: ProcessFacts): ProcessRuling | null {
  const loaded = live?.shape === "load" ? live : resident;
  if (loaded.shape !== "load") return null;
  return { verdict: "load", because: loaded.because, wouldChange: loaded.wouldChange, holders: [] };
}

function warmedUp({ resident, live }: ProcessFacts): ProcessRuling | null {
  const warmed = live?.shape === "warm-up" ? live : resident;
  if (warmed.shape !== "warm-up") return null;
  return { verdict: "warm-up", because: warmed.because, wouldChange: warmed.wouldChange, holders: [] };
}

function keptFree(facts: ProcessFacts): ProcessRuling | null {
  const free = facts.allocatorFreeBytes;
  if (free === null || free < LARGE_FREE_BYTES || free < LARGE_FREE_SHARE * facts.anonBytes) return null;
  const because = [
    `Memory does not grow, but ${formatBytes(free)} of ${formatBytes(facts.anonBytes)} are free inside Python's allocator.`,
    "They were in use once, and a few live objects in each arena keep it from being given back.",
  ];
  return { verdict: "fragmentation", because, wouldChange: "Growth of live objects would change this.", holders: [] };
}

function residentGrows({ resident }: ProcessFacts): boolean {
  return resident.shape === "growing";
}

function memoryGrows({ resident, live }: ProcessFacts): boolean {
  return resident.shape === "growing" || live === null || live.shape === "growing" || live.shape === "unclear";
}

function isMostOfGrowth({ liveChange, residentChange }: ProcessFacts, part: number): boolean {
  const growth = liveChange ?? residentChange;
  return part > 0 && part >= MOST * growth;
}

function shareOf(holders: readonly HolderEvidence[]): number {
  return holders.reduce((sum, { shareOfGrowth }) => sum + shareOfGrowth, 0);
}
