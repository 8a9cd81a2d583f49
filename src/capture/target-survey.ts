// What a process has in memory right now, and where a copy of it would go. Taken twice: before the stop to prepare,
// and inside the pause for the truth.

import { fail, ok, type Result } from "../base/result.ts";
import type { TargetError } from "../model/target-error.ts";
import { type CopyPlan, isCopied, isReadWhole, planCopy } from "./copy-plan.ts";
import type { ProcFs } from "./proc-fs.ts";
import { type ProcessMapping, readMappings } from "./proc-maps.ts";
import { readPresentRuns } from "./proc-pagemap.ts";

export interface TargetSurvey {
  /** All mappings, copied or not. */
  readonly mappings: readonly ProcessMapping[];
  readonly plan: CopyPlan;
}

export async function surveyTarget(proc: ProcFs, pid: number): Promise<Result<TargetSurvey, TargetError>> {
  const mappings = readMappings(proc, pid);
  const opened = proc.open(`${pid}/pagemap`);
  if (!mappings.ok || !opened.ok) return fail({ code: "exited-during-read", pid });
  using pagemap = opened.value;
  const copied = mappings.value.filter(isCopied);
  const ranges = copied.map((mapping) =>
    isReadWhole(mapping) ? { start: mapping.start, end: mapping.start } : mapping,
  );
  const present = await readPresentRuns(pagemap, ranges);
  return ok({ mappings: mappings.value, plan: planCopy(copied, present) });
}
