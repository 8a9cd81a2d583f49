// `deadweight caches clear`, `undo`, `history`: what was done, by whom, and who has it.

import { countOf } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { shellWord } from "../base/format-shell.ts";
import type {
  CacheAction,
  CacheCommandReport,
  CacheHistory,
  CacheHistoryEntry,
  CacheOutcome,
  Receipt,
} from "../model/cache-command.ts";
import { commandLine, heading, marked, paragraph } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { type Line, renderLines, span, type TextStyle, type Tone } from "./text-style.ts";

export function cacheCommandText(report: CacheCommandReport, style: TextStyle): string {
  return renderLines(
    [
      ...summaryLines(report, style),
      ...receiptLines(report.receipts, style),
      ...recordLines(report, style),
      ...undoLines(report),
    ],
    style,
  );
}

function summaryLines(report: CacheCommandReport, style: TextStyle): Line[] {
  const { outcome, selector, app, share, receipts, tookMs, action, lostSlots } = report;
  // Without --app there is no name to say.
  const of = app === "unnamed" ? selector.replace(/^fn:/, "") : `${selector} of ${app}`;
  const what = `${of}${share === 1 ? "" : `, ${formatPercent(share, 0)} of its keys`}${report.setting === null ? "" : ` ${report.setting}`}`;
  if (outcome === null) {
    const who = countOf(receipts.length, "process", "processes");
    return paragraph(
      [span("Dry run: ", "strong"), span(`${action} ${what} would reach ${who}. Nothing was changed.`)],
      style,
    );
  }
  const applied = receipts.filter(({ state }) => state === "applied" || state === "armed").length;
  const words = doneWords(outcome, action, applied);
  const tone: Tone = outcome === "partial" ? "warning" : "good";
  const lost = lostSlots === 0 ? "" : ` It was cleared again meanwhile, which stays.`;
  return paragraph(
    [
      span(`${outcome}: `, tone),
      span(
        `${what}${words}; ${applied} of ${countOf(receipts.length, "process", "processes")} in ${formatDuration(tookMs)}.${lost}`,
      ),
    ],
    style,
  );
}

function doneWords(outcome: CacheOutcome, action: CacheAction, applied: number): string {
  if (outcome === "undone") return " taken back";
  if (outcome === "partial") return applied === 0 ? " not done" : " partly done";
  return action === "clear" ? " cleared everywhere" : "";
}

const MARKS = {
  armed: ["·", "good"],
  applied: ["✓", "good"],
  ended: ["-", "faint"],
  missing: ["✗", "bad"],
} as const;

function receiptLines(receipts: readonly Receipt[], style: TextStyle): Line[] {
  if (receipts.length === 0) return [];
  return [
    ...heading("Processes"),
    ...receipts.flatMap(({ pid, state, because }) => {
      const [mark, tone] = MARKS[state];
      return marked(mark, `${pid} ${because}`, tone, style);
    }),
  ];
}

function recordLines({ op, head, auditFile }: CacheCommandReport, style: TextStyle): Line[] {
  if (op === null) return [];
  const kept =
    head === null
      ? `The intent is recorded in ${auditFile ?? ""}, the result is not: the disk refused it. Note this page.`
      : `Recorded as ${op} in ${auditFile ?? ""}. Head of the log: ${head}`;
  return [...heading("Record"), ...paragraph([span(kept)], style, { first: [span("  ")], rest: 2 })];
}

function undoLines({ canUndo, op, app }: CacheCommandReport): Line[] {
  if (!canUndo || op === null) return [];
  return [
    ...heading("To take it back"),
    commandLine(`deadweight caches undo ${op.slice(0, 8)} --app ${shellWord(app)} --reason WHY`),
  ];
}

export function cacheHistoryText(report: CacheHistory, style: TextStyle): string {
  return renderLines([...trustLines(report, style), ...commandLines(report.commands, style)], style);
}

/** Only whether it can be trusted. */
export function cacheTrustText(report: CacheHistory, style: TextStyle): string {
  return renderLines(trustLines(report, style), style);
}

function trustLines({ fault, lines, head, app, auditFile }: CacheHistory, style: TextStyle): Line[] {
  if (fault !== null)
    return paragraph(
      [span("Not to be trusted: ", "bad"), span(`line ${fault.line} of ${auditFile} ${fault.because}.`)],
      style,
    );
  if (lines === 0)
    return paragraph([span(`Nothing was ever done to the caches of ${app}: ${auditFile} is empty or absent.`)], style);
  return paragraph(
    [
      span("Whole: ", "good"),
      span(
        `${countOf(lines, "line")} of ${auditFile} follow each other unchanged. Head: ${head ?? ""}. Compare it with the one you have kept: a log whose end was cut off is whole, too.`,
      ),
    ],
    style,
  );
}

function commandLines(commands: readonly CacheHistoryEntry[], style: TextStyle): Line[] {
  if (commands.length === 0) return [];
  const columns = [
    column("When", "left"),
    column("What", "left"),
    column("Outcome", "left"),
    column("Processes"),
    flexibleColumn("Of what, by whom, why"),
  ];
  return [...heading("Commands"), ...tableLines(columns, commands.map(commandRow), style)];
}

function commandRow(entry: CacheHistoryEntry): Row {
  const part = entry.share === 1 ? "" : `, ${formatPercent(entry.share, 0)} of the keys`;
  const setting = entry.setting === null ? "" : ` ${entry.setting}`;
  return row([
    span(entry.at.slice(0, 19).replace("T", " ")),
    span(entry.action),
    span(
      entry.outcome ?? "interrupted",
      entry.outcome === "complete" || entry.outcome === "undone" ? "good" : "warning",
    ),
    span(entry.outcome === null ? "" : `${entry.applied} of ${entry.applied + entry.missing}`),
    span(`${entry.selector}${part}${setting}, by ${entry.by}: ${entry.reason} [${entry.op.slice(0, 8)}]`),
  ]);
}
