// `deadweight caches undo OP` of a bound, a time or a freeze: what was set before it, where nothing was set since.

import { fail, type Result } from "../../base/result.ts";
import { canonical, type Intent, type SettingStep } from "../../govern/audit-chain.ts";
import type { CacheCommandReport } from "../../model/cache-command.ts";
import { sha256 } from "./audit-log.ts";
import { writeSetting } from "./change-settings.ts";
import type { UndoAsked } from "./clear-caches.ts";
import type { CommandFacts, CommandProblem } from "./recorded-command.ts";
import { inDecimal, inWords, NOTHING_SET } from "./setting-asked.ts";
import type { SharedTable } from "./shared-table.ts";

export async function undoSetting(
  asked: UndoAsked,
  intent: Intent,
  step: SettingStep,
  table: SharedTable,
): Promise<Result<CacheCommandReport, CommandProblem>> {
  const now = inDecimal(table.setting(step.scope) ?? NOTHING_SET);
  const changed = whyChangedSince(step, now, asked.app);
  if (changed !== null) return fail({ code: "changed-since", message: changed });
  const facts = undoFacts(asked, intent, step);
  return await writeSetting(table, step.scope, inWords(step.before), { asked, facts });
}

/** A sentence when something else is set by now; null when not. */
export function whyChangedSince(step: SettingStep, now: SettingStep["after"], app: string): string | null {
  if (canonical(now) === canonical(step.after)) return null;
  return `Something else was set for ${step.scope.replace(/^fn:/, "")} of ${app} since, so nothing was changed: set what you want with \`caches resize\`, \`ttl\`, \`freeze\` or \`thaw\`.`;
}

export function undoFacts({ app, reason }: UndoAsked, intent: Intent, step: SettingStep): CommandFacts {
  const plan = sha256(canonical({ action: "undo", app, step }));
  const setting = "is as it was before that";
  return { action: "undo", app, selector: intent.selector, share: intent.share, plan, reason, setting };
}
