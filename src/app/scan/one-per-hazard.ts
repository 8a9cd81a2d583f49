// One hazard is one finding. That a container grows is not said as well when other rules say of every write what is wrong with it:
// that the key is a time, that the element is an exception.

import type { SourceRange } from "../../model/finding.ts";
import type { FindingDraft, Rule } from "../../rules/rule.ts";

export interface RuleDraft {
  readonly rule: Rule;
  readonly draft: FindingDraft;
}

/** The drafts without those that others explain; these take over the confidence, as far as their rule goes. Linear. */
export function onePerHazard(drafts: readonly RuleDraft[]): readonly RuleDraft[] {
  const byPlace = new Map<string, RuleDraft[]>();
  for (const each of drafts) {
    if (each.draft.happensAt !== undefined) continue;
    const place = placeOf(each.draft.at);
    const same = byPlace.get(place);
    if (same === undefined) byPlace.set(place, [each]);
    else same.push(each);
  }
  const raised = new Map<RuleDraft, FindingDraft["confidence"]>();
  const kept = drafts.filter(({ draft }) => {
    const special = (draft.happensAt ?? []).map((at) => sameHolder(byPlace.get(placeOf(at)), draft.holder));
    if (special.length === 0 || special.some((each) => each === null)) return true;
    for (const each of special) if (each !== null) raised.set(each, draft.confidence);
    return false;
  });
  return kept.map((each) => raise(each, raised.get(each)));
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
