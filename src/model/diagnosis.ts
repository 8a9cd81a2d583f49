// `deadweight diagnose --json`, the contract that the page, the metrics and the CI gates reuse (design.md, section 1).

import type { Holder } from "./holder.ts";
import type { SeriesUnit, SeriesVerdict } from "./verdict.ts";

/** What is the matter with the process as a whole. */
export const PROCESS_VERDICTS = [
  "leak",
  "suspect",
  "growing",
  "filling",
  "fragmentation",
  "load",
  "warm-up",
  "native",
  "steady",
] as const;
export type ProcessVerdict = (typeof PROCESS_VERDICTS)[number];

/** Rows of the mission: L1 to L17. L18 is no leak and stands for the verdicts that say so. */
export type CauseId = `L${number}`;

/** proved: see the verdict ladder. likely: grew and the source agrees. possible: grew, and something speaks against it. */
export type LeakConfidence = "proved" | "likely" | "possible";

/** A line of the program that puts something in, or that takes something out. */
export interface LeakSite {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** source: the project index says so. traced: the line was seen doing it. */
  readonly how: "source" | "traced";
}

/** What piles up. */
export interface LeakedObjects {
  /** Type that brought most bytes. */
  readonly type: string;
  readonly count: number;
  readonly countGrowth: number;
  /** Freed with the holder. */
  readonly retainedBytes: number;
  /** These, and those of shared objects that count for it; see HolderUsage. */
  readonly heldBytes: number;
  /** Over the window; measured between snapshots. */
  readonly bytesPerMinute: number;
}

/** One step of the way from the root to what piles up, judged. */
export interface JudgedStep {
  /** `global REGISTRY`, `['k17']`, `.user`. */
  readonly edge: string;
  readonly type: string;
  /** expected: it belongs there. stuck: it should have gone. unknown: nothing says which. */
  readonly verdict: "expected" | "stuck" | "unknown";
  readonly because: string;
  /** The reference to cut, marked only when an expected object points straight at a stuck one. */
  readonly isFaulty: boolean;
  /** Elements in it and how many more than at first; null when it is no container or was not followed. */
  readonly entries: number | null;
  readonly entriesGrowth: number | null;
  readonly address: string | null;
}

export interface RuledOut {
  readonly what: string;
  readonly because: string;
}

export interface LeakFix {
  readonly text: string;
  /** Unified diff, or null when no rule has one. */
  readonly patch: string | null;
}

/** A leak of a library that its authors know; see data/known-leaks.json. */
export interface KnownLeakMatch {
  readonly id: string;
  readonly package: string;
  readonly installedVersion: string | null;
  readonly fixedIn: string | null;
  readonly url: string;
  readonly summary: string;
}

/** What was measured of a growing place, thinned for a drawing. */
export interface GrowthHistory {
  readonly unit: SeriesUnit;
  readonly points: readonly GrowthPoint[];
}

export interface GrowthPoint {
  /** Since the watch began. */
  readonly atSeconds: number;
  readonly value: number;
}

export interface Leak {
  /** Stable over runs and machines: made of cause, module and name of the holder and the type, of no address or count. */
  readonly fingerprint: string;
  readonly cause: CauseId;
  readonly confidence: LeakConfidence;
  readonly holder: Holder;
  /** Where it is put in, best first. */
  readonly sites: readonly LeakSite[];
  /** Where it is taken out, if anywhere. */
  readonly removals: readonly LeakSite[];
  readonly leaked: LeakedObjects;
  readonly path: readonly JudgedStep[];
  /** The growth itself, with its window and bounds. */
  readonly growth: SeriesVerdict;
  /** Null where nothing was followed. */
  readonly history: GrowthHistory | null;
  readonly because: readonly string[];
  readonly ruledOut: readonly RuledOut[];
  readonly fix: LeakFix | null;
  readonly known: KnownLeakMatch | null;
}

/** Where the resident memory is. Estimates are marked in `notes`. */
export interface MemorySplit {
  readonly rssBytes: number;
  readonly pythonLiveBytes: number;
  /** Free inside the allocators of Python: fragmentation. */
  readonly allocatorFreeBytes: number;
  /** Neither Python objects nor what its allocator keeps free: C libraries, stacks, malloc's own free memory. */
  readonly nativeBytes: number;
  readonly sharedBytes: number;
}

export interface Forecast {
  /** Of the control group or the machine; null without one. */
  readonly limitBytes: number | null;
  /** Null when it does not grow or there is no limit. */
  readonly reachedInSeconds: number | null;
}

export interface DiagnosisWindow {
  readonly seconds: number;
  readonly samples: number;
  readonly snapshots: number;
  readonly pauseMs: readonly number[];
  /** Processor time that the process used meanwhile. */
  readonly cpuSeconds: number;
}

/** What is compared of a leak. */
export interface LeakMeasure {
  readonly confidence: LeakConfidence;
  readonly count: number;
  readonly heldBytes: number;
  readonly bytesPerMinute: number;
  /** Null without a load signal. */
  readonly perUnitOfLoad: number | null;
}

/** smaller: it grows by half as much, or less. */
export const COMPARED_STATES = ["gone", "smaller", "still there", "new"] as const;
export type ComparedState = (typeof COMPARED_STATES)[number];

export interface ComparedLeak {
  readonly fingerprint: string;
  readonly path: string;
  readonly state: ComparedState;
  /** Null when it is new. */
  readonly before: LeakMeasure | null;
  /** Null when it is gone. */
  readonly after: LeakMeasure | null;
}

/** Against the diagnosis from before a fix. */
export interface DiagnosisComparison {
  readonly before: { readonly pid: number; readonly seconds: number; readonly verdict: ProcessVerdict };
  /** Those from before first. */
  readonly leaks: readonly ComparedLeak[];
  /** Why "gone" may not be a proof. */
  readonly doubts: readonly string[];
}

export interface DiagnosisTarget {
  readonly pid: number;
  readonly python: string;
  readonly command: readonly string[];
  /** Where it runs; reports for people name files from there. Null when not known. */
  readonly folder: string | null;
  /** Processes of the same program under one parent, the target included. */
  readonly workers: readonly number[];
}

/** `deadweight diagnose --json`. */
export interface Diagnosis {
  readonly schema: "deadweight/diagnosis@1";
  readonly target: DiagnosisTarget;
  readonly verdict: ProcessVerdict;
  /** Why this verdict, in sentences. */
  readonly because: readonly string[];
  readonly leaks: readonly Leak[];
  /** Holders that grew and are no leak, with the reason. */
  readonly dismissed: readonly { readonly holder: Holder; readonly growth: SeriesVerdict }[];
  readonly memory: MemorySplit;
  readonly forecast: Forecast;
  readonly window: DiagnosisWindow;
  /** Null without `--compare`. */
  readonly comparison: DiagnosisComparison | null;
  readonly warnings: readonly string[];
}
