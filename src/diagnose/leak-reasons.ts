// Why it is a leak, in sentences: how much, who fills it, who empties it.

import { countOf, formatCount } from "../base/format-count.ts";
import { formatBytes } from "../base/format-bytes.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import type { LeakSite } from "../model/diagnosis.ts";
import type { HolderGrowth } from "../model/heap-reports.ts";
import { functionAtLine } from "./line-owner.ts";
import type { ProcessSource } from "./process-source.ts";
import type { SourceJoin } from "./source-join.ts";

export interface ReasonFacts {
  readonly growth: HolderGrowth;
  readonly seconds: number;
  readonly heapGrowthBytes: number;
  readonly join: SourceJoin;
  readonly source: ProcessSource | null;
}

/** Sentences in the order of reading. */
export function reasonsFor(facts: ReasonFacts): readonly string[] {
  return [amount(facts), ...filling(facts), ...emptying(facts)];
}

function amount({ growth, seconds, heapGrowthBytes }: ReasonFacts): string {
  const within = seconds > 0 ? ` within ${formatDuration(seconds * 1000)}` : "";
  const share = heapGrowthBytes > 0 ? Math.min(1, growth.heldGrowthBytes / heapGrowthBytes) : 0;
  const explains = share >= SHARE_WORTH_SAYING ? `, ${formatPercent(share)} of what the heap has grown by` : "";
  const first = growth.entries[0] ?? null;
  const last = growth.entries.at(-1) ?? null;
  const what =
    first === null || last === null
      ? `It holds ${countOf(growth.countGrowth, "object")} more`
      : `It went from ${formatCount(first)} to ${formatCount(last)} entries`;
  return `${what}${within}: ${formatBytes(Math.max(0, growth.heldGrowthBytes))} more${explains}.`;
}

const SHARE_WORTH_SAYING = 0.01;

function filling({ join, source }: ReasonFacts): readonly string[] {
  const [site] = join.inserts;
  if (site === undefined || source === null) return [];
  const around = functionAtLine(source.project, site);
  const context = around === null ? null : source.project.contextOf(around);
  const who = around === null ? "The module" : `\`${around.fact.path}\``;
  // "a handler of connections (Python)": the standard library needs no name.
  const why = context?.why.replace(/ \(Python\)$/, "") ?? "";
  const when = why === "" ? "" : `, ${why},`;
  const into = join.through === null ? "" : ` to ${join.through}`;
  return [`${who}${when} adds${into === "" ? " to it" : into} at ${placeOf(site)}.`];
}

function emptying({ join, source }: ReasonFacts): readonly string[] {
  if (source === null || join.inserts.length === 0) return [];
  if (join.bound !== null && join.container?.fact.bound === null) return [limit(join.bound)];
  const [removal] = join.removals;
  if (removal !== undefined) return [`${placeOf(removal)} takes out, and does not keep up.`];
  if (join.container === null) return [];
  return [`Nothing takes anything out: ${countOf(source.project.files.length, "file")} looked at.`];
}

function limit(bound: number | "some"): string {
  const most = bound === "some" ? "it grows up to a limit" : `it grows up to ${countOf(bound, "entry", "entries")}`;
  return `Its length is asked for before anything is put in: ${most}.`;
}

function placeOf({ file, line }: LeakSite): string {
  return `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
}
