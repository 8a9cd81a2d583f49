// One hazard is one finding. That a container grows is not said as well when other rules say of every write what is wrong with it:
// that the key is a time, that the element is an exception.

import type { SourceRange } from "../../model/finding.ts";
import type { FindingDraft, Rule } from "../../rules/rule.ts";

export interface RuleDraft {
  readonly rule: Rule;
  readonly draft: FindingDraft;
}

/** A draft that says less than `by`, one for each place where it happens. It is shown when one of them is not. */
export interface Explained extends RuleDraft {
  readonly by: readonly RuleDraft[];
}

export interface Hazards {
  readonly told: readonly RuleDraft[];
  readonly explained: readonly Explained[];
}

/** Tells the drafts from those that they explain, and whose confidence they take over, as far as their rule goes. Linear. */
export function onePerHazard(drafts: readonly RuleDraft[]): Hazards {
  const byPlace = new Map<string, RuleDraft[]>();
  for (const each of drafts) {
    if (each.draft.happensAt !== undefined) continue;
    const place = placeOf(each.draft.at);
    const same = byPlace.get(place);
    if (same === undefined) byPlace.set(place, [each]);
    else same.push(each);
  }
  const raised = new Map<RuleDraft, FindingDraft["confidence"]>();
  const told: RuleDraft[] = [];
  const explained: Explained[] = [];
  for (const each of drafts) {
    const places = each.draft.happensAt ?? [];
    const by = places.flatMap((at) => sameHolder(byPlace.get(placeOf(at)), each.draft.holder) ?? []);
    if (by.length === 0 || by.length < places.length) told.push(each);
    else {
      explained.push({ ...each, by });
      for (const one of by) raised.set(one, each.draft.confidence);
    }
  }
  return { told: told.map((each) => raise(each, raised.get(each))), explained };
}

function sameHolder(drafts: readonly RuleDraft[] | undefined, holder: string | null): RuleDraft | null {
  return drafts?.find(({ draft }) => draft.holder === holder) ?? null;
}

/** By where it begins: one rule means the statement, another the call in it. */
function placeOf({ file, cell = 0, line, column }: SourceRange): string {
  return `${cell}:${line}:${column} ${file}`;
}

const RANKS = ["certain", "likely", "possible"] as const;

function raise(each: RuleDraft, to: FindingDraft["confidence"] | undefined): RuleDraft {
  const { rule, draft } = each;
  if (to === undefined || RANKS.indexOf(to) >= RANKS.indexOf(draft.confidence)) return each;
  const best = RANKS[Math.max(RANKS.indexOf(to), RANKS.indexOf(rule.bestConfidence))] ?? draft.confidence;
  return RANKS.indexOf(best) < RANKS.indexOf(draft.confidence) ? { rule, draft: { ...draft, confidence: best } } : each;
}
