// Finds in the audit log what `caches undo` is to take back.

import { fail, ok, type Result } from "../../base/result.ts";
import type { Intent, SettingStep, SlotChange } from "../../govern/audit-chain.ts";
import { auditPath, readAuditLog } from "./audit-log.ts";
import type { UndoAsked } from "./clear-caches.ts";

export interface Undoable {
  readonly intent: Intent;
  /** Of a clear; none of a setting. */
  readonly changes: readonly SlotChange[];
  /** Of a setting. */
  readonly setting?: SettingStep;
}

/** The command that is named, or the last clear. A failure is a sentence. */
export function findUndoable({ app, op, environment }: UndoAsked): Result<Undoable, string> {
  const read = readAuditLog(auditPath(app, environment));
  if (!read.ok) return read;
  const { lines } = read.value;
  const intents = lines.flatMap((line) => (line.event.kind === "intent" ? [{ op: line.op, intent: line.event }] : []));
  const chosen =
    op === null
      ? intents.findLast(({ intent }) => intent.action === "clear")
      : intents.find((each) => each.op === op || each.op.startsWith(op));
  if (chosen === undefined)
    return fail(
      op === null
        ? `${app} has no clear to take back.`
        : `${app} has no command ${op}; \`deadweight caches history\` lists them.`,
    );
  const { action } = chosen.intent;
  if (action === "undo")
    return fail(`${chosen.op} took something back itself; give the command anew that it took back.`);
  const name = action === "clear" ? "clear" : `\`caches ${action}\``;
  const result = lines.find((line) => line.op === chosen.op && line.event.kind === "result")?.event;
  if (result?.kind !== "result")
    return fail(`The ${name} ${chosen.op} has no result in the log: it was interrupted, and cannot be taken back.`);
  const { changes, setting } = result;
  if (setting !== undefined) return ok({ intent: chosen.intent, changes, setting });
  if (changes.length > 0) return ok({ intent: chosen.intent, changes });
  return fail(
    action === "clear"
      ? `The clear ${chosen.op} emptied a functools.lru_cache in running processes; what was in it is gone, and cannot be taken back.`
      : `The log does not say what was set before ${chosen.op}; set it anew.`,
  );
}
