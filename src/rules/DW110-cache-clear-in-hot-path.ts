// Page: docs/rules/DW110-cache-clear-in-hot-path.md

import type { Confidence, RelatedLocation } from "../model/finding.ts";
import { isUnder } from "../python/facts.ts";
import type { Project } from "../python/project.ts";
import { cacheClears, type CacheClear } from "./cached-functions/cache-clears.ts";
import { decoratorRange } from "./cached-functions/cached-functions.ts";
import { callRange, pointIn } from "./cached-functions/call-arguments.ts";
import { defineRule, type FindingDraft, type Rule } from "./rule.ts";

export const cacheClearInHotPath: Rule = defineRule<never>({
  code: "DW110",
  name: "cache-clear-in-hot-path",
  cause: "L3",
  summary:
    "A cache that is emptied for every request or turn of a loop saves nothing: everything is computed again, each time.",
  twins: [],
  bestConfidence: "likely",
  judge: (_found, project) => cacheClears(project).flatMap((clear) => draftOf(clear, project) ?? []),
});

interface Heat {
  readonly why: string;
  readonly confidence: Confidence;
  readonly related: readonly RelatedLocation[];
}

function heatOf(clear: CacheClear, project: Project): Heat | null {
  const { caller, cached } = clear;
  if (caller === null || project.isImportTimeOnly(caller)) return null;
  const filled = project
    .callersOf(cached.definition)
    .find(({ edge, caller: by }) => edge.how === "call" && by === caller);
  const related = filled === undefined ? [] : [{ ...callRange(filled), message: "is filled here" }];
  // Without a call in the loop there is nothing to compute again in its next turn.
  if (isUnder(clear, "loop") && filled !== undefined && isUnder(filled.edge, "loop"))
    return { why: "in every turn of a loop", confidence: "likely", related };
  const context = project.contextOf(caller);
  if (!context.isSure || !/^(?:request|task|loop)$/.test(context.kind)) return null;
  const why = context.kind === "loop" ? "in an endless loop" : `whenever ${context.why} runs`;
  // One that changes the data does well to clear it: only with its own call of the function it is known to be in vain.
  // Behind the call it may throw away what was not worth keeping.
  // Under a condition it is not every time: once a day, or when something was asked for.
  const isInVain = filled !== undefined && clear.line < filled.edge.line && !isUnder(clear, "conditional");
  return { why, confidence: isInVain ? "likely" : "possible", related };
}

function draftOf(clear: CacheClear, project: Project): FindingDraft | null {
  const heat = heatOf(clear, project);
  if (heat === null) return null;
  const { cached, module, line, column } = clear;
  const { name } = cached.definition;
  return {
    at: pointIn(module, line, column),
    message: `The cache of \`${name}\` is emptied ${heat.why}, so that what it held is computed again each time.`,
    holder: name,
    confidence: heat.confidence,
    bound: "no entry outlives one run",
    related: [...heat.related, { ...decoratorRange(cached), message: `\`${name}\` is cached here` }],
    fix: {
      text: "Clear it where the data changes, put what changed into the key, or take the cache away.",
      safety: "none",
      edits: [],
    },
  };
}
