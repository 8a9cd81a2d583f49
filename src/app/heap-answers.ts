// Every question about one heap that is open: the same for the page, for coding assistants and for programs.

import { fail, ok, type Result } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import type { NodeIx } from "../base/brand.ts";
import { nodeAt } from "../heap/analysis/addresses.ts";
import { neighbourhoodOf } from "../heap/queries/neighbourhood.ts";
import { retentionTree } from "../heap/queries/retention-tree.ts";
import { explainSelectorError, parseSelector } from "../heap/queries/selector.ts";
import { valueOf } from "../heap/queries/values.ts";
import { keeperOf } from "../heap/queries/why.ts";
import type { TopReport, WhyReport } from "../model/heap-reports.ts";
import type {
  HeapSummary,
  NeighbourhoodReport,
  RetentionReport,
  SourceExcerpt,
  ValueReport,
} from "../model/page-reports.ts";
import type { QueryReport } from "../model/query-report.ts";
import { queryTop, queryWhy, readQuery } from "./heap-queries.ts";
import { sourceExcerpt } from "./source-excerpt.ts";

/** An expected failure in words. */
export interface QuestionProblem {
  readonly code: "selector" | "query";
  readonly message: string;
}

export interface WhyAsked {
  /** An object (0x7f...), a holder (app.sessions.REGISTRY) or a type (app.models.Session). */
  readonly selector: string;
  /** Subjects at most. */
  readonly limit: number;
  /** Of each subject at most. */
  readonly paths: number;
}

export interface NeighbourhoodAsked {
  readonly selector: string;
  /** Objects at most, about. */
  readonly limit: number;
}

/** One object, by where it lies. */
export interface ObjectAsked {
  /** "0x7f12..." */
  readonly address: string;
}

/** What a heap is. */
export function summaryOf({ snapshot: { meta, nodes, refs } }: HeapAnalysis): HeapSummary {
  return {
    schema: "deadweight/heap@1",
    python: meta.python,
    pid: meta.pid,
    takenAtMs: meta.takenAtMs,
    nodes: nodes.count - 1,
    edges: refs.edgeTarget.length,
    liveBytes: meta.liveBytes,
    exactness: meta.exactness,
    isRedacted: !meta.values,
    warnings: meta.warnings,
  };
}

export function topIn(heap: HeapAnalysis, limits: { readonly limit: number }): TopReport {
  return queryTop(heap.snapshot, limits, heap);
}

export function whyIn(heap: HeapAnalysis, { selector, limit, paths }: WhyAsked): Result<WhyReport, QuestionProblem> {
  const report = queryWhy(heap.snapshot, selector, { subjects: limit, paths }, heap);
  return report.ok ? report : fail({ code: "selector", message: report.error.sentence });
}

/** docs/query.md is the grammar. */
export function queryIn(heap: HeapAnalysis, text: string): Result<QueryReport, QuestionProblem> {
  const query = readQuery(text);
  return query.ok ? ok(query.value(heap.snapshot, heap)) : fail({ code: "query", message: query.error.sentence });
}

/** By what would be freed with what; objects below `leastShare` of the heap are put together by type. */
export function retentionIn(heap: HeapAnalysis, options: { readonly leastShare?: number }): RetentionReport {
  const { liveBytes } = heap.snapshot.meta;
  return { schema: "deadweight/retention@1", liveBytes, root: retentionTree(heap, options) };
}

export function neighbourhoodIn(
  heap: HeapAnalysis,
  { selector, limit }: NeighbourhoodAsked,
): Result<NeighbourhoodReport, QuestionProblem> {
  const parsed = parseSelector(selector);
  const found = parsed.ok ? neighbourhoodOf(heap, parsed.value, limit) : parsed;
  if (!found.ok) return fail({ code: "selector", message: explainSelectorError(found.error) });
  const { nodes, edges, matched } = found.value;
  return ok({ schema: "deadweight/neighbourhood@1", nodes, edges, matched });
}

/** Source lines around the place that keeps an object. An object is named, never a file. */
export function sourceIn(heap: HeapAnalysis, { address }: ObjectAsked): Result<SourceExcerpt, QuestionProblem> {
  const node = objectAt(heap, address);
  return node === null ? noObject(address) : ok(sourceExcerpt(heap, keeperOf(heap, node)));
}

/** What an object says, as far as the heap may tell. */
export function valueIn(heap: HeapAnalysis, { address }: ObjectAsked): Result<ValueReport, QuestionProblem> {
  const node = objectAt(heap, address);
  return node === null ? noObject(address) : ok(valueOf(heap.snapshot, node));
}

function objectAt({ snapshot }: HeapAnalysis, address: string): NodeIx | null {
  return /^0x[0-9a-f]{1,12}$/.test(address) ? nodeAt(snapshot.nodes, Number(address)) : null;
}

function noObject(address: string): Result<never, QuestionProblem> {
  return fail({
    code: "selector",
    message: `There is no object at ${JSON.stringify(address.slice(0, 40))} in this heap; give an address as 0x7f12...`,
  });
}
