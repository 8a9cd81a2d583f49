// One growing holder as a leak: what the heap, the series and the sources say of it, put together.

import type { GrowthHistory, Leak, LeakConfidence, LeakedObjects, RuledOut } from "../model/diagnosis.ts";
import type { HolderGrowth } from "../model/heap-reports.ts";
import type { Holder } from "../model/holder.ts";
import type { SeriesVerdict } from "../model/verdict.ts";
import type { OwnedHeap } from "../heap/holders/ownership.ts";
import { classifyCause } from "./classify-cause.ts";
import { fingerprintOfLeak } from "./fingerprint.ts";
import type { HeapFacts } from "./heap-facts.ts";
import { joinGrowth } from "./join-growth.ts";
import { judgePath } from "./judge-path.ts";
import { reasonsFor } from "./leak-reasons.ts";
import type { ProcessSource } from "./process-source.ts";
import type { SourceJoin } from "./source-join.ts";
import { findingsAbout, suggestFix } from "./suggest-fix.ts";

export interface HolderQuestion {
  readonly growth: HolderGrowth;
  readonly series: SeriesVerdict;
  /** What the verdict is of; null where nothing was followed. */
  readonly history: GrowthHistory | null;
  /** The first snapshot, if it is of the same process. */
  readonly first: OwnedHeap | null;
  /** The snapshot that the steps of `growth` belong to. */
  readonly last: OwnedHeap;
  /** Between these two. */
  readonly seconds: number;
  /** Null: no sources were found or asked for. */
  readonly source: ProcessSource | null;
  /** The most it can hold, as the heap says; null when nothing bounds it. */
  readonly bound: number | null;
  /** By which the whole heap has grown. */
  readonly heapGrowthBytes: number;
  /** Garbage outlives collections, or there are none. */
  readonly isGarbageStaying: boolean;
}

/** A part of the growth from here on explains it. */
const EXPLAINED = 0.5;
/** Growth of this size matters whatever else grows. */
const LARGE_BYTES = 16 * 1024 * 1024;

/** Never fails: without sources there are no lines, and the confidence says so. `known` is left to who has the table. */
export function diagnoseHolder(question: HolderQuestion): Leak {
  const { growth, series, source, first, last } = question;
  const { holder, steps } = growth;
  const { heap, mostly, join } = joinGrowth(growth, last, source);
  const findings = source === null ? [] : findingsAbout(source, holder, join);
  const bound = question.bound ?? heap.lru?.maxsize ?? (typeof join.bound === "number" ? join.bound : null);
  const cause = classifyCause({ holder, heap, join, source, findings, bound });
  const leaked = leakedObjects(question, mostly);
  const judgement = { question, heap, join, bound };
  const confidence = confidenceOf(judgement);
  return {
    fingerprint: fingerprintOfLeak(cause.id, holder, mostly),
    cause: cause.id,
    confidence,
    holder: located(holder, join, source),
    sites: join.inserts,
    removals: join.removals,
    leaked,
    path: judgePath({
      holder,
      steps,
      first,
      last,
      join,
      leaked,
      entriesGrowth: entriesGrowth(growth),
      isCertain: confidence === "proved" && join.removals.length === 0 && !isOfManyThreads(holder),
    }),
    growth: series,
    history: question.history,
    because: [
      ...cause.because,
      ...reasonsFor({ growth, seconds: question.seconds, heapGrowthBytes: question.heapGrowthBytes, join, source }),
    ],
    ruledOut: [...series.ruledOut, ...ruledOutByHeap(judgement)],
    fix: suggestFix(cause.id, holder, join, findings, source),
    known: null,
  };
}

/** `thread "Thread-*"._args`: what piles up are the threads, and no reference inside of one of them is at fault. */
function isOfManyThreads({ path }: Holder): boolean {
  return /^thread (?:"[^"]*\*|\*)/.test(path);
}

/** The line where the holder is made, once the sources have said it. */
function located(holder: Holder, { declared }: SourceJoin, source: ProcessSource | null): Holder {
  if (declared !== null) return { ...holder, file: declared.file, line: declared.line };
  const file = holder.file === null || source === null ? holder.file : source.absolutePath(holder.file);
  return { ...holder, file };
}

function leakedObjects({ growth, seconds }: HolderQuestion, mostly: string | null): LeakedObjects {
  const entries = growth.entries.at(-1) ?? null;
  return {
    type: mostly ?? growth.holder.type,
    count: entries ?? growth.counts.at(-1) ?? 0,
    countGrowth: entriesGrowth(growth) ?? growth.countGrowth,
    retainedBytes: growth.retainedBytes.at(-1) ?? 0,
    heldBytes: growth.heldBytes.at(-1) ?? 0,
    bytesPerMinute: seconds > 0 ? (growth.heldGrowthBytes / seconds) * 60 : 0,
  };
}

/** Null when it is no container. */
function entriesGrowth({ entries }: HolderGrowth): number | null {
  const last = entries.at(-1) ?? null;
  return last === null ? null : last - (entries[0] ?? 0);
}

interface Judgement {
  readonly question: HolderQuestion;
  readonly heap: HeapFacts;
  readonly join: SourceJoin;
  readonly bound: number | null;
}

/** The ladder of research E: "proved" only when nothing else is left. */
function confidenceOf(judgement: Judgement): LeakConfidence {
  const { question, join } = judgement;
  const { growth, series, heapGrowthBytes } = question;
  const isUnbounded = judgement.bound === null && join.bound === null;
  if (series.shape !== "growing" || !isUnbounded) return "possible";
  const isLarge = growth.heldGrowthBytes >= heapGrowthBytes * EXPLAINED || growth.heldGrowthBytes >= LARGE_BYTES;
  // What empties it does not keep up, as long as the rise has no break.
  if (series.isUnbroken && isLarge && surviving(judgement)) return "proved";
  return series.isUnbroken || join.inserts.length > 0 ? "likely" : "possible";
}

/** A collection would not free it. */
function surviving({ question, heap }: Judgement): boolean {
  const { kind } = question.growth.holder;
  if (kind === "garbage-cycle") return !heap.collector.enabled;
  return kind !== "native" || heap.elementRole === "method" || heap.elementRole === "function";
}

function ruledOutByHeap(judgement: Judgement): readonly RuledOut[] {
  const { question, bound, join } = judgement;
  const { holder } = question.growth;
  const ruledOut: RuledOut[] = [];
  if (surviving(judgement) && holder.kind !== "garbage-cycle")
    ruledOut.push({
      what: "garbage that waits for the collector",
      because: `${holder.path} refers to it, so no collection can free it.`,
    });
  if (bound === null && join.bound === null && join.container !== null)
    ruledOut.push({ what: "a bounded cache that fills", because: `\`${join.container.name}\` has no maximum.` });
  return ruledOut;
}
