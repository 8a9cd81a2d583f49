// `deadweight caches advise`: what other bounds would do, and which one is worth its bytes.

import { formatBytes, formatBytesGrowth } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { shellWord } from "../base/format-shell.ts";
import type { CacheAdvice, CacheAdviceReport, CurvePoint, SizeOffer } from "../model/cache-advice.ts";
import { curvePicture } from "./curve-picture.ts";
import { nextLines } from "./next-command.ts";
import { heading, paragraph, warningLines } from "./prose.ts";
import { column, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { EMPTY_LINE, type Line, renderLines, spaces, span, type TextStyle, type Tone } from "./text-style.ts";

interface Asked {
  /** Curves are drawn on a terminal, and tables elsewhere. */
  readonly isPicture: boolean;
  /** Curves of at most so many caches. */
  readonly limit: number;
  /** The next command needs it. */
  readonly source: string;
}

export function cacheAdviceText(report: CacheAdviceReport, style: TextStyle, asked: Asked): string {
  const shown = report.caches.filter(({ curve }) => curve.length > 0).slice(0, asked.limit);
  const others = report.caches.length - shown.length;
  return renderLines(
    [
      ...headerLines(report, style),
      ...overview(report.caches, style),
      ...shown.flatMap((cache) => pageOf(cache, style, asked)),
      ...refusalLines(report.caches, style),
      ...(others > 0 && shown.length === asked.limit ? moreLines(style) : []),
      ...nextLines(nextCommand(report.caches, asked.source)),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

function headerLines({ pids, watchedSeconds, readingShare, caches }: CacheAdviceReport, style: TextStyle): Line[] {
  const who = `${pids.length === 1 ? "process" : "processes"} ${pids.join(", ")}`;
  const time = formatDuration(watchedSeconds * 1000);
  return paragraph(
    [
      span(`${countOf(caches.length, "cache")} of ${who}`, "strong"),
      span(
        ` watched for ${time} while they ran; the reading took ${formatPercent(readingShare, 0)} of one core, and no process stood still for it.`,
      ),
    ],
    style,
  );
}

const VERDICTS: Readonly<Record<CacheAdvice["verdict"], readonly [words: string, tone: Tone]>> = {
  shrink: ["smaller", "good"],
  grow: ["larger", "warning"],
  keep: ["keep", "plain"],
  refused: ["?", "faint"],
};

function overview(caches: readonly CacheAdvice[], style: TextStyle): Line[] {
  if (caches.length === 0)
    return [
      EMPTY_LINE,
      ...paragraph([span("No cache of the program that keeps an order of use has been called.")], style),
    ];
  const columns = [
    column("Calls"),
    column("Hits"),
    column("Bound"),
    column("Better"),
    column("Then"),
    column("Memory"),
    flexibleColumn("Cache"),
  ];
  return [...heading("Bounds, for each process"), ...tableLines(columns, caches.map(overviewRow), style)];
}

function overviewRow({ name, calls, missRatio, bound, verdict, offer }: CacheAdvice): Row {
  const [words, tone] = VERDICTS[verdict];
  return row([
    span(formatCount(calls)),
    span(missRatio === null ? "-" : formatPercent(1 - missRatio, 1)),
    span(bound.kind === "entries" ? formatCount(bound.entries) : bound.kind === "none" ? "none" : "?"),
    span(offer === null ? words : formatCount(offer.size), tone),
    span(offer === null ? "" : formatPercent(1 - offer.missRatio, 1)),
    span(offer === null || offer.bytes === 0 ? "" : formatBytesGrowth(offer.bytes)),
    span(name, "name"),
  ]);
}

function pageOf(cache: CacheAdvice, style: TextStyle, { isPicture }: Asked): Line[] {
  const { name, file, line } = cache;
  const place = file === null ? "" : `, ${file.slice(file.lastIndexOf("/") + 1)}${line === null ? "" : `:${line}`}`;
  return [
    EMPTY_LINE,
    ...paragraph([span(name, "strong"), span(place, "faint")], style),
    ...sentencesOf(cache).flatMap((text) => paragraph([span(text)], style, { first: [spaces(2)], rest: 2 })),
    EMPTY_LINE,
    ...(isPicture ? pictureOf(cache, style) : curveTable(cache, style)),
  ];
}

function sentencesOf(cache: CacheAdvice): string[] {
  return [
    useSentence(cache),
    verdictSentence(cache),
    valueSentence(cache),
    wasteSentence(cache),
    cliffSentence(cache),
    kneeSentence(cache),
    unboundedSentence(cache),
    ...cache.because,
  ].filter((sentence) => sentence !== null);
}

function useSentence({ calls, missRatio, workers, watchedSeconds }: CacheAdvice): string {
  const where = workers.length === 1 ? "" : ` in ${ownersOf(workers)}`;
  const rate = watchedSeconds === 0 ? 0 : calls / watchedSeconds;
  return `${countOf(calls, "call")}${where}, ${formatCount(Math.round(rate))} in a second: ${formatPercent(1 - (missRatio ?? 1), 1)} were hits.`;
}

/** "2 processes"; "40 caches" where one process has several of that name. */
function ownersOf(workers: CacheAdvice["workers"]): string {
  const isOneEach = new Set(workers.map(({ pid }) => pid)).size === workers.length;
  return isOneEach ? countOf(workers.length, "process", "processes") : countOf(workers.length, "cache");
}

function verdictSentence({ verdict, offer, bound, workers }: CacheAdvice): string | null {
  const now = bound.kind === "entries" ? formatCount(bound.entries) : "no bound";
  const each = workers.length > 1 ? ` in each of ${ownersOf(workers)}` : "";
  if (verdict === "keep")
    return `Its bound of ${now} fits: fewer entries would answer less, more would not answer much more.`;
  if (offer === null) return null;
  const ratio = `${formatPercent(1 - offer.missRatio, 1)} ± ${points(offer.band)}`;
  if (verdict === "shrink")
    return `${formatCount(offer.size)} entries${each} instead of ${now} would answer as many: ${ratio}.${freedWords(offer)}`;
  return `${formatCount(offer.size)} entries${each} instead of ${now} would answer ${ratio} of the calls.${costWords(offer)}`;
}

function freedWords({ bytes }: SizeOffer): string {
  return bytes < 0 ? ` That frees about ${formatBytes(-bytes)}.` : "";
}

function costWords({ bytes }: SizeOffer): string {
  return bytes > 0 ? ` That costs about ${formatBytes(bytes)} when it is full.` : "";
}

/** "0.4 points" for a share of calls. */
function points(share: number): string {
  return `${(share * 100).toFixed(1)} points`;
}

function valueSentence({ offer, loadMs, verdict }: CacheAdvice): string | null {
  if (offer === null || verdict !== "grow") return null;
  if (loadMs === null || offer.sparedLoad === null)
    return "How long a load takes is not known, so its worth in time is not either; --load-time says it.";
  const perMib =
    offer.hourlySecondsPerMiB === null
      ? ""
      : `, ${formatDuration(offer.hourlySecondsPerMiB * 1000)} in an hour for each MiB`;
  return `At ${formatDuration(loadMs)} a load that spares ${formatDuration(offer.sparedLoad * 1000)} of loading in every second${perMib}.`;
}

/** Where more would pay, fewer may do for what there is now. */
function wasteSentence({ waste, verdict }: CacheAdvice): string | null {
  return waste === null || verdict !== "grow"
    ? null
    : `If it is not to grow, ${formatCount(waste)} entries answer as many as the present bound does.`;
}

function cliffSentence({ cliff }: CacheAdvice): string | null {
  if (cliff === null) return null;
  const { from, to, fromMissRatio, toMissRatio } = cliff;
  return `There is a cliff: ${formatCount(from)} entries answer ${formatPercent(1 - fromMissRatio, 0)}, ${formatCount(to)} answer ${formatPercent(1 - toMissRatio, 0)}, as when the same keys are gone through in a circle.`;
}

function kneeSentence({ knee, offer }: CacheAdvice): string | null {
  return knee === null || knee === offer?.size
    ? null
    : `The knee is at ${formatCount(knee)} entries: from there on more of them bring less and less.`;
}

function unboundedSentence({ unbounded, newKeysPerSecond }: CacheAdvice): string | null {
  if (unbounded === "unknown") return null;
  const rate = formatCount(Math.round((newKeysPerSecond ?? 0) * 60));
  return unbounded === "never"
    ? `Without a bound it would grow for ever: ${rate} new keys came per minute and process, and did not become fewer.`
    : "New keys have all but stopped coming: it would be safe without a bound as long as that stays so.";
}

function pictureOf({ curve, bound, offer }: CacheAdvice, style: TextStyle): Line[] {
  const now = bound.kind === "entries" ? bound.entries : null;
  const columns = curve.map(({ size, missRatio }) => ({
    height: 1 - missRatio,
    label: formatCount(size),
    mark: size === now ? ("now" as const) : size === offer?.size ? ("offer" as const) : ("none" as const),
  }));
  const legend = `share of calls answered, by entries; ▲ now${offer === null ? "" : "  △ better"}`;
  return [...curvePicture(columns, style.width), [spaces(8), span(legend, "faint")]];
}

function curveTable(cache: CacheAdvice, style: TextStyle): Line[] {
  const columns = [column("Entries"), column("Hits"), column("±"), column("Memory"), flexibleColumn("")];
  return tableLines(
    columns,
    shownPoints(cache).map((point) => pointRow(point, cache)),
    style,
  );
}

/** One for each doubling, and those that are spoken of. */
function shownPoints({ curve, bound, offer, knee, cliff }: CacheAdvice): CurvePoint[] {
  const now = bound.kind === "entries" ? bound.entries : 1;
  const named = new Set([now, offer?.size, knee, cliff?.from, cliff?.to]);
  const isOctave = (size: number): boolean =>
    Math.abs(Math.log2(size / now) - Math.round(Math.log2(size / now))) < 0.02;
  return curve.filter(({ size }, at) => named.has(size) || isOctave(size) || at === 0 || at === curve.length - 1);
}

function pointRow(
  { size, missRatio, band }: CurvePoint,
  { bound, offer, knee, entryBytes, workers }: CacheAdvice,
): Row {
  const words = [
    bound.kind === "entries" && size === bound.entries ? "now" : null,
    size === offer?.size ? "better" : null,
    size === knee ? "knee" : null,
  ].filter((word) => word !== null);
  return row([
    span(formatCount(size)),
    span(formatPercent(1 - missRatio, 1)),
    span((band * 100).toFixed(1)),
    span(entryBytes === null ? "" : formatBytes(size * entryBytes * Math.max(1, workers.length))),
    span(words.join(", "), "strong"),
  ]);
}

function refusalLines(caches: readonly CacheAdvice[], style: TextStyle): Line[] {
  const refused = caches.filter(({ curve }) => curve.length === 0);
  if (refused.length === 0) return [];
  return [
    ...heading("Not known"),
    ...refused.flatMap((cache) =>
      paragraph(
        [span(`${cache.name}: `, "name"), span([...cache.because, unboundedSentence(cache) ?? ""].join(" ").trim())],
        style,
        { first: [spaces(2)], rest: 4 },
      ),
    ),
  ];
}

function moreLines(style: TextStyle): Line[] {
  return [
    EMPTY_LINE,
    ...paragraph([span("Curves of other caches are not shown; --limit or a NAME shows them.", "faint")], style),
  ];
}

function nextCommand(caches: readonly CacheAdvice[], source: string): string | null {
  const wanted = caches.find(({ verdict }) => verdict === "shrink" || verdict === "grow") ?? caches[0];
  return wanted === undefined ? null : `deadweight caches show ${shellWord(source)} ${shellWord(wanted.name)}`;
}
