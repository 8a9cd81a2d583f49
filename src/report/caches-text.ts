// `deadweight caches`: what is cached, how full it is, whether it is used, what it costs.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount, formatCountGrowth } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { formatPercent } from "../base/format-percent.ts";
import { wrapWords } from "../base/format-width.ts";
import { shellWord } from "../base/format-shell.ts";
import type { CacheInventory, CacheSummary, WorkerCache } from "../model/cache-inventory.ts";
import { nextLines } from "./next-command.ts";
import { heading, marked, paragraph, warningLines } from "./prose.ts";
import { column, detailWidth, flexibleColumn, type Row, row, tableLines } from "./table.ts";
import { EMPTY_LINE, type Line, renderLines, spaces, span, type TextStyle } from "./text-style.ts";

/** What the person asked for. */
interface Asked {
  readonly limit: number;
  /** The interpreter's own caches too. */
  readonly isAll: boolean;
  /** The next command needs it. */
  readonly source: string;
}

/** From this width on, everything about a cache fits beside its name. */
const ROOMY = 120;

/** The table of all caches. */
export function cachesText(report: CacheInventory, style: TextStyle, { limit, isAll, source }: Asked): string {
  const own = report.caches.filter((cache) => isAll || isWorthALine(cache));
  const shown = own.slice(0, limit);
  return renderLines(
    [
      ...headerLines(report, style),
      ...tableOf(shown, report, style),
      ...hazardLines(shown, style),
      ...leftOut(own.length - shown.length, report, isAll, style),
      ...nextLines(showCommand(source, shown[0])),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

/** What a library keeps in so few bytes is nobody's concern. */
const FEW_LIBRARY_BYTES = 16 * 1024;

function isWorthALine({ origin, entries, retainedBytes }: CacheSummary): boolean {
  switch (origin) {
    case "program":
      return true;
    case "library":
      return entries === null || retainedBytes >= FEW_LIBRARY_BYTES;
    case "standard":
      return false;
  }
}

function headerLines({ processes, caches, windowSeconds }: CacheInventory, style: TextStyle): Line[] {
  const [first] = processes;
  const bytes = caches.reduce((sum, each) => sum + each.retainedBytes, 0);
  const live = processes.reduce((sum, each) => sum + each.liveBytes, 0);
  const pids = processes.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  const who = pids.length === 0 ? "" : `, ${pids.length === 1 ? "pid" : "pids"} ${pids.join(", ")}`;
  const pauses = processes.flatMap(({ pauseMs }) => (pauseMs === null ? [] : [pauseMs]));
  const stood = pauses.length === 0 ? "" : ` Longest pause ${formatDuration(Math.max(...pauses))}.`;
  const looked = windowSeconds === null ? "" : ` Counters were watched for ${formatDuration(windowSeconds * 1000)}.`;
  return paragraph(
    [
      span(`CPython ${first?.python ?? ""}${who}: `),
      span(`${countOf(caches.length, "cache")} keep ${formatBytes(bytes)}`, "strong"),
      span(` of ${formatBytes(live)} live.${looked}${stood}`),
    ],
    style,
  );
}

function tableOf(caches: readonly CacheSummary[], report: CacheInventory, style: TextStyle): Line[] {
  const title = heading("Caches: what clearing each would free");
  if (caches.length === 0) return [...title, [spaces(2), span("No cache of the program was found.")]];
  const isWatched = report.windowSeconds !== null;
  const isRoomy = style.width >= ROOMY;
  const columns = [
    column("Retained"),
    column("Entries"),
    column("Bound"),
    column("Hits"),
    ...(isWatched ? [column("Lately"), column("Growth")] : []),
    ...(isRoomy ? [flexibleColumn("Kept by")] : []),
    flexibleColumn("Cache"),
  ];
  const cells = caches.map((cache) => {
    const [first, last] = [cellsOf(cache, isWatched), span(cache.name, "name")];
    return isRoomy ? [...first, span(detailOf(cache, report), "faint"), last] : [...first, last];
  });
  const width = detailWidth(
    columns,
    cells.map((each) => row(each)),
    style,
  );
  const rows = caches.map((cache, at) =>
    row(
      cells[at] ?? [],
      isRoomy ? [] : wrapWords(detailOf(cache, report), width).map((words) => [span(words, "faint")]),
    ),
  );
  return [...title, ...tableLines(columns, rows, style)];
}

function cellsOf(cache: CacheSummary, isWatched: boolean): Row["cells"] {
  const { window } = cache;
  const lately = window === null ? "" : ratioWords(window.hits, window.misses);
  const growth = window === null || window.growth === 0 ? "" : `${formatCountGrowth(window.growth)}`;
  return [
    span(formatBytes(cache.retainedBytes)),
    span(cache.entries === null ? "?" : formatCount(cache.entries)),
    span(boundWords(cache), cache.bound.kind === "none" ? "warning" : "plain"),
    span(ratioWords(cache.hits, cache.misses)),
    ...(isWatched ? [span(lately), span(growth)] : []),
  ];
}

/** "none", "1,024", "?"; where there are several, each has its own. */
function boundWords({ bound, copies }: CacheSummary): string {
  switch (bound.kind) {
    case "entries":
      return `${formatCount(bound.entries)}${copies > 1 ? " each" : ""}`;
    case "none":
      return "none";
    case "unknown":
      return "?";
  }
}

/** Share of calls that were answered from the cache; a dash where nobody asked, nothing where nobody counts. */
function ratioWords(hits: number | null, misses: number | null): string {
  if (hits === null || misses === null) return "";
  return hits + misses === 0 ? "-" : formatPercent(hits / (hits + misses), 1);
}

/** `lru_cache, pricing.py:31`; where several workers were read, in how many it is. */
function detailOf(cache: CacheSummary, report: CacheInventory): string {
  return [placeWords(cache), copiesWords(cache, report), sharedWords(cache)]
    .filter((words) => words !== null)
    .join(", ");
}

function placeWords({ family, file, line }: CacheSummary): string {
  const maker = family.replace(/^functools\./, "");
  if (file === null) return maker;
  return `${maker}, ${file.slice(file.lastIndexOf("/") + 1)}${line === null ? "" : `:${line}`}`;
}

/** What cannot be seen in numbers: keys that will not be found again. */
function hazardLines(caches: readonly CacheSummary[], style: TextStyle): Line[] {
  const hazards = caches.flatMap(({ name, keys }) => (keys?.hazards ?? []).map(({ because }) => ({ name, because })));
  if (hazards.length === 0) return [];
  return [
    ...heading("Keys that do not do what a key is for"),
    ...hazards.flatMap(({ name, because }) => marked("!", `${name}: ${because}`, "warning", style)),
  ];
}

function sharedWords({ sharedBytes, retainedBytes }: CacheSummary): string | null {
  return sharedBytes > retainedBytes / 20 && sharedBytes >= 1024
    ? `${formatBytes(sharedBytes)} shared with others`
    : null;
}

function copiesWords({ copies, workers }: CacheSummary, { processes }: CacheInventory): string | null {
  const each = copies > workers.length ? `${formatCount(copies)} of them` : null;
  const isEverywhere = workers.length === processes.length;
  const where = isEverywhere ? null : `in ${workers.length} of ${processes.length} workers`;
  return each === null && where === null ? null : [each, where].filter((words) => words !== null).join(" ");
}

function leftOut(smaller: number, { caches }: CacheInventory, isAll: boolean, style: TextStyle): Line[] {
  const hidden = caches.filter((cache) => !isWorthALine(cache));
  const standard = hidden.filter(({ origin }) => origin === "standard").length;
  const bytes = hidden.reduce((sum, each) => sum + each.retainedBytes, 0);
  const whose = [
    standard === 0 ? "" : `${countOf(standard, "cache")} of Python's own library`,
    standard === hidden.length ? "" : `${countOf(hidden.length - standard, "small cache")} of other libraries`,
  ].filter((words) => words !== "");
  const sentences = [
    smaller > 0 ? `${countOf(smaller, "smaller cache")} not shown; --limit shows more.` : "",
    isAll || hidden.length === 0 ? "" : `${whose.join(" and ")} (${formatBytes(bytes)}) not shown; --all shows them.`,
  ].filter((sentence) => sentence !== "");
  if (sentences.length === 0) return [];
  return [EMPTY_LINE, ...paragraph([span(sentences.join(" "), "faint")], style)];
}

function showCommand(source: string, cache: CacheSummary | undefined): string | null {
  return cache === undefined ? null : `deadweight caches show ${shellWord(source)} ${shellWord(cache.name)}`;
}

/** One cache in full. */
export function cacheText(report: CacheInventory, style: TextStyle, source: string): string {
  return renderLines(
    [
      ...report.caches.flatMap((cache) => pageOf(cache, report, style, source)),
      ...warningLines(report.warnings, style),
    ],
    style,
  );
}

function pageOf(cache: CacheSummary, report: CacheInventory, style: TextStyle, source: string): Line[] {
  return [
    ...paragraph([span(cache.name, "strong"), span(`, ${cache.family}`)], style),
    ...[
      placeSentence(cache),
      sizeSentence(cache),
      useSentence(cache),
      loadSentence(cache),
      growthSentence(cache),
      declaredSentence(cache),
      ...cache.notes,
    ]
      .filter((sentence) => sentence !== null)
      .flatMap((sentence) => paragraph([span(sentence)], style, { first: [spaces(2)], rest: 2 })),
    ...keyLines(cache, style),
    ...workerLines(cache, report, style),
    ...nextLines(`deadweight why ${shellWord(source)} ${shellWord(cache.holder.path)}`),
    EMPTY_LINE,
  ];
}

function placeSentence({ file, line, holder }: CacheSummary): string | null {
  if (file === null) return `Kept at ${holder.path}.`;
  return `${file}${line === null ? "" : `:${line}`}, kept at ${holder.path}.`;
}

function sizeSentence(cache: CacheSummary): string {
  const { entries, retainedBytes, sharedBytes } = cache;
  const count = entries === null ? "An unknown number of entries" : countOf(entries, "entry", "entries");
  const each = entries === null || entries === 0 ? "" : `, ${formatBytes(retainedBytes / entries)} each on average`;
  const shared = sharedBytes < 1024 ? "" : ` ${formatBytes(sharedBytes)} more are shared with others and would stay.`;
  return `${count}${limitWords(cache)}. Clearing it would free ${formatBytes(retainedBytes)}${each}.${shared}`;
}

function limitWords({ bound, copies }: CacheSummary): string {
  if (bound.kind === "none") return ", without a bound";
  if (bound.kind === "unknown") return "";
  const each = copies > 1 ? ` in each of ${formatCount(copies)}` : "";
  return ` of at most ${formatCount(bound.entries)}${each}`;
}

function useSentence({ hits, misses, window }: CacheSummary): string | null {
  if (hits === null || misses === null) return "It counts no hits.";
  if (hits + misses === 0) return "Nobody has called it yet.";
  const ever = `${formatPercent(hits / (hits + misses), 1)} of ${countOf(hits + misses, "call")} were hits`;
  if (window === null || window.hits === null || window.misses === null) return `${ever}.`;
  const calls = window.hits + window.misses;
  const lately =
    calls === 0
      ? `none was made in the last ${formatDuration(window.seconds * 1000)}`
      : `${formatPercent(window.hits / calls, 1)} of ${countOf(calls, "call")} in the last ${formatDuration(window.seconds * 1000)}`;
  return `${ever}; ${lately}.`;
}

function loadSentence({ loads }: CacheSummary): string | null {
  if (loads === null || loads.count === 0) return null;
  const mean = formatDuration((loads.seconds / loads.count) * 1000);
  const failed = loads.errors === 0 ? "" : `; ${countOf(loads.errors, "load")} raised`;
  return `A load took ${mean} on average${failed}.`;
}

/** What commands may call it by, and how long entries live. */
function declaredSentence({ declared }: CacheSummary): string | null {
  if (declared === null) return null;
  const { namespace, version, tags, ttlSeconds, maxBytes } = declared;
  const names = [
    ...(namespace === null ? [] : [`ns:${namespace}`, `ns:${namespace}:v${version}`]),
    ...tags.map((tag) => (tag === "*" ? "tags that a function names" : `tag:${tag}`)),
  ];
  return [
    ttlSeconds === null
      ? "Entries live until they are thrown out"
      : `Entries live ${formatDuration(ttlSeconds * 1000)}`,
    maxBytes === null ? "" : `, all of them in ${formatBytes(maxBytes)} at most`,
    names.length === 0 ? "." : `; cleared also by ${names.join(", ")}.`,
  ].join("");
}

function growthSentence({ window }: CacheSummary): string | null {
  if (window === null || window.growth === 0) return null;
  const perMinute = (window.growth / window.seconds) * 60;
  return `It ${window.growth > 0 ? "grew" : "shrank"} by ${countOf(Math.abs(window.growth), "entry", "entries")} while it was watched: ${formatCount(Math.abs(Math.round(perMinute)))} per minute.`;
}

function keyLines({ keys }: CacheSummary, style: TextStyle): Line[] {
  if (keys === null) return [];
  const rows = keys.spellings.map(({ types, entries }) => row([span(formatCount(entries)), span(types)]));
  return [
    ...heading("Keys"),
    ...tableLines([column("Entries"), flexibleColumn("Made of")], rows, style),
    ...keys.hazards.flatMap(({ because }) => marked("!", because, "warning", style)),
  ];
}

function workerLines({ workers }: CacheSummary, { processes }: CacheInventory, style: TextStyle): Line[] {
  if (processes.length < 2) return [];
  const columns = [column("Pid"), column("Retained"), column("Entries"), column("Hits"), column("Lately")];
  return [...heading("Workers"), ...tableLines(columns, workers.map(workerRow), style)];
}

function workerRow({ pid, retainedBytes, entries, hits, misses, window }: WorkerCache): Row {
  return row([
    span(String(pid ?? "")),
    span(formatBytes(retainedBytes)),
    span(entries === null ? "?" : formatCount(entries)),
    span(ratioWords(hits, misses)),
    span(window === null ? "" : ratioWords(window.hits, window.misses)),
  ]);
}
