// `deadweight caches clear`, `undo`, `history`: what was done, by whom, and who has it.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { shellWord } from "../base/format-shell.ts";
import type {
  CacheBill,
  CacheCommandReport,
  CacheHistory,
  CacheHistoryEntry,
  GuardReport,
  HitRatio,
  Receipt,
} from "../model/cache-command.ts";
import { commandLine, heading, marked, paragraph } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { type Line, renderLines, spaces, span, type TextStyle, type Tone } from "./text-style.ts";

export function cacheCommandText(report: CacheCommandReport, style: TextStyle): string {
  return renderLines(
    [
      ...summaryLines(report, style),
      ...billLines(report.bill, style),
      ...hitsLines(report, style),
      ...guardLines(report.guard, style),
      ...receiptLines(report.receipts, style),
      ...recordLines(report, style),
      ...undoLines(report),
    ],
    style,
  );
}

function summaryLines(report: CacheCommandReport, style: TextStyle): Line[] {
  const { outcome, receipts, tookMs, lostSlots, setting, bill } = report;
  if (outcome === null) {
    // A function that was read from the heaps has no processes that joined, only those on the bill.
    const who = countOf(Math.max(receipts.length, bill?.workers.length ?? 0), "process", "processes");
    const what =
      setting === null
        ? `${subjectOf(report)} would be cleared in ${who}.`
        : `${who} would be told that ${subjectOf(report)} ${setting}.`;
    return paragraph([span("Dry run: ", "strong"), span(`${what} Nothing was changed.`)], style);
  }
  const applied = receipts.filter(({ state }) => state === "applied" || state === "armed").length;
  const tone: Tone = outcome === "partial" ? "warning" : "good";
  const lost = lostSlots === 0 ? "" : " A part was cleared again meanwhile, which stays.";
  const processes = `${applied} of ${countOf(receipts.length, "process", "processes")} in ${formatDuration(tookMs)}`;
  return paragraph(
    [span(`${outcome}: `, tone), span(`${subjectOf(report)} ${doneWords(report, applied)}; ${processes}.${lost}`)],
    style,
  );
}

/** "ns:prices of shop", or "5 % of the keys of ns:prices of shop". Without --app there is no name to say. */
function subjectOf({ selector, share, app }: CacheCommandReport): string {
  const of = app === "unnamed" ? selector.replace(/^fn:/, "") : `${selector} of ${app}`;
  return share === 1 ? of : `${formatPercent(share, 0)} of the keys of ${of}`;
}

function doneWords({ outcome, action, setting, guard }: CacheCommandReport, applied: number): string {
  const done = setting ?? (action === "undo" ? "taken back" : "cleared everywhere");
  if (outcome === "partial" && applied === 0)
    return setting === null ? `not ${action === "undo" ? "taken back" : "cleared"} anywhere` : `not done: ${setting}`;
  if (outcome === "partial") return `partly done: ${done}`;
  if (outcome === "undone" && guard !== null) return `${done}, and this was taken back by the guard`;
  return outcome === "undone" ? "taken back" : done;
}

function hitsLines({ hitsBefore, hitsAfter }: CacheCommandReport, style: TextStyle): Line[] {
  if (hitsBefore === null && hitsAfter === null) return [];
  const before = hitsBefore === null ? "not counted" : `${hitsWords(hitsBefore)} since the change before`;
  const after = hitsAfter === null ? "" : `; since then ${hitsWords(hitsAfter)}`;
  return [
    ...heading("Hits"),
    ...paragraph([span(`Before this: ${before}${after}.`)], style, { first: [spaces(2)], rest: 2 }),
  ];
}

/** "98.1 % of 98,000 calls in 1 h". */
function hitsWords({ hits, calls, seconds }: HitRatio): string {
  const window = seconds === null ? "" : ` in ${formatDuration(seconds * 1000)}`;
  return `${formatPercent(hits / calls, 1)} of ${countOf(calls, "call")}${window}`;
}

function billLines(bill: CacheBill | null, style: TextStyle): Line[] {
  if (bill === null) return [];
  const { workers, entries, retainedBytes, reloadSeconds, because } = bill;
  const sums = [
    entries === null ? "An unknown number of entries would go" : `${countOf(entries, "entry", "entries")} would go`,
    retainedBytes === null ? "how many bytes they keep is not known" : `they keep ${formatBytes(retainedBytes)}`,
    reloadSeconds === null
      ? "how long it takes to load them again is not known"
      : `to load all of them again would take ${formatDuration(reloadSeconds * 1000)}, less where some are not asked for again`,
  ];
  const columns = [column("Pid"), column("Entries"), column("Retained"), column("Reload")];
  const rows = workers.map((each) =>
    row([
      span(String(each.pid)),
      span(formatCount(each.entries)),
      span(each.retainedBytes === null ? "?" : formatBytes(each.retainedBytes)),
      span(each.reloadSeconds === null ? "?" : formatDuration(each.reloadSeconds * 1000)),
    ]),
  );
  return [
    ...heading("The bill"),
    ...paragraph([span(`${sums.join("; ")}.`)], style, { first: [spaces(2)], rest: 2 }),
    ...because.flatMap((text) => paragraph([span(text)], style, { first: [spaces(2)], rest: 2 })),
    ...(rows.length === 0 ? [] : tableLines(columns, rows, style)),
  ];
}

const GUARD_WORDS = {
  held: ["✓", "good", "It stays."],
  broken: ["✗", "bad", "It was taken back"],
  "not-judged": ["!", "warning", "It stays, and is not proved."],
} as const;

function guardLines(guard: GuardReport | null, style: TextStyle): Line[] {
  if (guard === null) return [];
  const [mark, tone, words] = GUARD_WORDS[guard.verdict];
  const { because, watchedSeconds, calls, loads, rollBack, verdict } = guard;
  const end =
    verdict !== "broken"
      ? words
      : rollBack === null
        ? "It could not be taken back."
        : `${words}, recorded as ${rollBack}.`;
  const seen = `${countOf(calls, "call")} and ${countOf(loads, "load")} in ${formatDuration(watchedSeconds * 1000)}.`;
  return [...heading("Guard"), ...marked(mark, `${because} ${end} ${seen}`, tone, style)];
}

const MARKS = {
  armed: ["·", "good"],
  applied: ["✓", "good"],
  ended: ["-", "faint"],
  lapsed: ["-", "warning"],
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

/** " Hits 98.1 % before, 80.0 % after." */
function hitsOf({ hitsBefore, hitsAfter }: CacheHistoryEntry): string {
  const said = (hits: HitRatio | null): string => (hits === null ? "?" : formatPercent(hits.hits / hits.calls, 1));
  return hitsBefore === null && hitsAfter === null ? "" : ` Hits ${said(hitsBefore)} before, ${said(hitsAfter)} after.`;
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
    span(
      `${entry.selector}${part}${setting}, by ${entry.by}: ${entry.reason} [${entry.op.slice(0, 8)}]${hitsOf(entry)}`,
    ),
  ]);
}
