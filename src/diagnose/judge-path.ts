// Every step of the way from the root to what piles up: does it belong there, should it have gone, or does nothing say.

import type { JudgedStep } from "../model/diagnosis.ts";
import type { Holder, PathStep } from "../model/holder.ts";
import { nodeAt } from "../heap/analysis/addresses.ts";
import { typeRowOf } from "../heap/analysis/edges.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { counterpart } from "../heap/queries/match.ts";
import { sizeOfContainer } from "../heap/paths/path-of.ts";
import { formatCount } from "../base/format-count.ts";
import type { LeakedObjects } from "../model/diagnosis.ts";
import type { SourceJoin } from "./source-join.ts";

export interface PathEvidence {
  readonly holder: Holder;
  /** From the root to the holder; empty for garbage. */
  readonly steps: readonly PathStep[];
  /** Of one process: what was there before is recognised by its address. Null: not comparable. */
  readonly first: HeapAnalysis | null;
  readonly last: HeapAnalysis;
  readonly join: SourceJoin;
  readonly leaked: LeakedObjects;
  readonly entriesGrowth: number | null;
  /** It grows without a break, has no bound, and nothing empties it. */
  readonly isCertain: boolean;
}

/** The steps given, and one more for what piles up in the holder. */
export function judgePath(evidence: PathEvidence): readonly JudgedStep[] {
  const { steps } = evidence;
  if (steps.length === 0) return [];
  const judged = steps.map((step, at) => judgeStep(evidence, step, at === steps.length - 1));
  return [...judged, elementStep(evidence, judged.at(-1)?.verdict === "expected")];
}

type Judgement = Pick<JudgedStep, "verdict" | "because">;

function judgeStep(evidence: PathEvidence, step: PathStep, isHolder: boolean): JudgedStep {
  const before = isHolder ? evidence.entriesGrowth : growthSince(evidence, step);
  return {
    edge: step.edge,
    type: step.type,
    ...(isHolder ? judgeHolder(evidence, step) : judgeWay(evidence, step)),
    isFaulty: false,
    entries: step.entries,
    entriesGrowth: before,
    address: step.address,
  };
}

/** The container itself is made once and belongs to the program; what is in it need not. */
function judgeHolder({ join, holder, first, last }: PathEvidence, step: PathStep): Judgement {
  if (holder.kind === "native") return { verdict: "unknown", because: "Only native code knows why it keeps this." };
  const { declared } = join;
  const known = wasThere(first, last, step);
  if (declared !== null) {
    const before = known === true ? " and it was there in the first snapshot" : "";
    return { verdict: "expected", because: `The program makes it at ${shortPlace(declared)}${before}.` };
  }
  if (known === true)
    return { verdict: "expected", because: "It was there in the first snapshot and is in use since." };
  return { verdict: "unknown", because: "No source says where it is made." };
}

function judgeWay({ first, last }: PathEvidence, step: PathStep): Judgement {
  const role = roleAt(last, step);
  if (/^(?:sys\.modules|module )/.test(step.edge) || role === "module")
    return { verdict: "expected", because: "A module lives as long as the process." };
  if (role === "type") return { verdict: "expected", because: "A class lives as long as its module." };
  if (role === "function" || role === "method")
    return { verdict: "expected", because: "A function lives as long as whoever refers to it." };
  if (step.edge.startsWith("thread ")) return { verdict: "expected", because: "The thread is running." };
  const known = wasThere(first, last, step);
  if (known === true) return { verdict: "expected", because: "It was there in the first snapshot." };
  if (known === false) return { verdict: "unknown", because: "It came after the first snapshot: it may be in use." };
  return { verdict: "unknown", because: "There is no earlier snapshot of this process to compare with." };
}

/** What was put in. The reference is marked only when everything speaks for it. */
function elementStep({ leaked, join, isCertain, entriesGrowth, holder }: PathEvidence, isHeld: boolean): JudgedStep {
  const [site] = join.inserts;
  const isStuck = isCertain && leaked.countGrowth > 0;
  const put = site === undefined ? "" : `, put in at ${shortPlace(site)}`;
  const because = isStuck
    ? `${formatCount(entriesGrowth ?? leaked.countGrowth)} more than in the first snapshot${put}, and nothing takes them out.`
    : join.removals.length > 0
      ? `There are lines that take elements out, so some of them may belong here${put}.`
      : "There are more than before; that they should have gone is not certain.";
  return {
    edge: edgeInto(holder),
    type: leaked.type,
    verdict: isStuck ? "stuck" : "unknown",
    because,
    isFaulty: isStuck && isHeld,
    entries: leaked.count,
    entriesGrowth: entriesGrowth ?? leaked.countGrowth,
    address: null,
  };
}

function edgeInto({ type, kind }: Holder): string {
  return kind === "cache" ? "cached result [*]" : /set$/i.test(type) ? "{member}" : "[*]";
}

/** Whether the object was there in the first snapshot; null when nobody can say. */
function wasThere(first: HeapAnalysis | null, last: HeapAnalysis, { address }: PathStep): boolean | null {
  if (first === null || address === null) return null;
  const node = nodeAt(last.snapshot.nodes, Number(address));
  return node === null ? null : counterpart(last, node, first) !== null;
}

function growthSince({ first, last }: PathEvidence, { address, entries }: PathStep): number | null {
  if (first === null || address === null || entries === null) return null;
  const node = nodeAt(last.snapshot.nodes, Number(address));
  const before = node === null ? null : counterpart(last, node, first);
  return before === null ? null : entries - (sizeOfContainer(first, before) ?? 0);
}

function roleAt({ snapshot }: HeapAnalysis, { address }: PathStep): string | null {
  const node = address === null ? null : nodeAt(snapshot.nodes, Number(address));
  return node === null ? null : typeRowOf(snapshot, node).role;
}

function shortPlace({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
}
