// `deadweight watch` where nobody looks at a screen: lines for a log, only when something is worth one.

import { formatBytes, formatBytesGrowth } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import type { WatchedHolder, WatchedProcess, WatchReport } from "../model/watch-report.ts";
import { rateWords, shapeTone, shapeWord, stateWord } from "./watch-words.ts";
import { type Line, renderLines, span, type TextStyle } from "./text-style.ts";

/** What the last line of a process said; a line that would say the same is not printed. */
export interface SaidLine {
  readonly atMs: number;
  readonly rssBytes: number;
  readonly verdict: string;
  readonly worst: string;
}
export type SaidLines = Map<number, SaidLine>;

/** Even when nothing happens, a log shows that somebody is there. */
const LONGEST_SILENCE_MS = 60_000;
/** Of resident memory; smaller changes are no news. */
const TELLING_SHARE = 0.02;
const MOST_NAMED = 2;

/** Lines without a place to wrap: a log is read by programs, too. Enters what was said into `said`. */
export function watchLines(report: WatchReport, said: SaidLines, style: TextStyle): string {
  const wide = { ...style, width: Number.MAX_SAFE_INTEGER };
  const events = report.events.map((text): Line => [...clock(report), span(text, "strong")]);
  const lines = report.processes.flatMap((process) => {
    const now = saying(report, process);
    if (!isNews(now, said.get(process.pid))) return [];
    said.set(process.pid, now);
    return [processLine(report, process)];
  });
  return renderLines([...events, ...lines], wide);
}

function saying({ atMs }: WatchReport, { memory, verdict, state, holders }: WatchedProcess): SaidLine {
  const worst = growing(holders).map(({ fingerprint, shape, isProved }) => `${fingerprint} ${shape} ${isProved}`);
  return { atMs, rssBytes: memory.rssBytes, verdict: `${state} ${verdict}`, worst: worst.join() };
}

function isNews(now: SaidLine, before: SaidLine | undefined): boolean {
  if (before === undefined || now.atMs - before.atMs >= LONGEST_SILENCE_MS || now.atMs < before.atMs) return true;
  const change = Math.abs(now.rssBytes - before.rssBytes);
  return now.verdict !== before.verdict || now.worst !== before.worst || change > before.rssBytes * TELLING_SHARE;
}

/** "12:04:31 4711 412 MiB, of 512 MiB in 2 h · growing · app.CACHE 12,003 entries, +120/s, proved". */
function processLine(report: WatchReport, process: WatchedProcess): Line {
  const { memory, verdict, state } = process;
  const rss = `${formatBytes(memory.rssBytes)} resident${limitWords(process)}`;
  return [
    ...clock(report),
    span(`${process.pid} `, "faint"),
    span(rss, "strong"),
    span(` · ${state === "running" ? verdict : stateWord(state)}`),
    ...growing(process.holders).flatMap((holder) => holderSpans(holder)),
  ];
}

function growing(holders: readonly WatchedHolder[]): readonly WatchedHolder[] {
  const [worst, others] = [
    holders.filter(({ shape }) => shape === "growing"),
    holders.filter(({ shape, perSecond }) => shape === "filling" && perSecond > 0),
  ];
  return [...worst, ...others].slice(0, MOST_NAMED);
}

function holderSpans(holder: WatchedHolder): Line {
  const { path, now, unit, perSecond } = holder;
  const amount = unit === "bytes" ? formatBytes(now) : `${formatCount(now)} entries`;
  return [
    span(" · "),
    span(path, "name"),
    span(` ${amount}, ${rateWords(perSecond, unit)}, `),
    span(shapeWord(holder), shapeTone(holder)),
  ];
}

function limitWords({ group, forecast }: WatchedProcess): string {
  const limit = group?.limitBytes ?? null;
  if (limit === null) return "";
  const { reachedInSeconds } = forecast;
  if (reachedInSeconds === null) return ` of ${formatBytes(limit)}`;
  const when = reachedInSeconds < 1 ? "reached" : `reached in ${formatDuration(reachedInSeconds * 1000)}`;
  return ` of ${formatBytes(limit)}, ${when}`;
}

/** Of the machine, local time: logs around it are in the same. */
function clock({ atMs }: WatchReport): Line {
  return [span(`${new Date(atMs).toTimeString().slice(0, 8)} `, "faint")];
}

/** The end of a watch: how much came over all of it. */
export function lastLine(first: WatchReport | null, last: WatchReport | null): string {
  if (first === null || last === null) return "";
  const sum = ({ processes }: WatchReport): number => processes.reduce((all, each) => all + each.memory.rssBytes, 0);
  const change = formatBytesGrowth(sum(last) - sum(first));
  return `Watched for ${formatDuration(last.seconds * 1000)}; resident memory: ${change}.`;
}
