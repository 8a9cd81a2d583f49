// `deadweight diagnose`: the answer in one sentence, then one screen per leak, then where the memory is.

import { formatBytes, formatBytesGrowth } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import type { Diagnosis, Leak, LeakSite, RuledOut } from "../model/diagnosis.ts";
import { causeName } from "../model/cause-names.ts";
import { comparisonLines } from "./diagnosis-comparison.ts";
import { DIAGNOSIS_ANSWERS, fromFolder } from "./diagnosis-words.ts";
import { judgedPathLines } from "./diagnosis-path.ts";
import { memoryLines } from "./diagnosis-memory.ts";
import { heading, paragraph, sentence, warningLines } from "./prose.ts";
import { nextLines, whyCommand } from "./next-command.ts";
import {
  EMPTY_LINE,
  type Line,
  renderLines,
  type Span,
  spaces,
  span,
  type TextStyle,
  type Tone,
} from "./text-style.ts";

/** Words in front of the paragraphs of a leak; all paragraphs begin in the same column. */
const LABEL_WIDTH = 14;
const MOST_SITES = 3;
const MOST_DISMISSED = 5;

export function diagnosisText(report: Diagnosis, style: TextStyle): string {
  const first = report.leaks[0];
  return renderLines(
    [
      ...answerLines(report, first === undefined ? first : fromFolder(first, report.target.folder), style),
      ...comparisonLines(report.comparison, style),
      ...leakPages(report, style),
      ...dismissedLines(report, style),
      ...memoryLines(report, style),
      ...windowLines(report, style),
      ...nextLines(nextCommand(report)),
      ...warningLines(fromFolderInText(report.warnings, report.target.folder), style),
    ],
    style,
  );
}

function fromFolderInText(texts: readonly string[], folder: string | null): readonly string[] {
  return folder === null || folder === "/" ? texts : texts.map((text) => text.replaceAll(` ${folder}/`, " "));
}

function answerLines(report: Diagnosis, first: Leak | undefined, style: TextStyle): Line[] {
  const { words, tone } = DIAGNOSIS_ANSWERS[report.verdict];
  return [
    ...paragraph([span(`Process ${report.target.pid} ${words}.`, tone)], style),
    ...headline(first, style),
    ...report.because.flatMap((text) => sentence(text, style)),
  ];
}

/** Who, what and since which line, for those who read no further. */
function headline(leak: Leak | undefined, style: TextStyle): Line[] {
  if (leak === undefined || leak.holder.kind === "native") return [];
  const [site] = leak.sites;
  const where =
    site === undefined ? [span(".")] : [span(", put there at "), span(`${site.file}:${site.line}`, "name"), span(".")];
  const what = ` keeps ${formatCount(leak.leaked.count)} ${leak.leaked.type} objects`;
  return paragraph([span(leak.holder.path, "name"), span(what), ...where], style);
}

/** A page per leak, files named from where the process runs. */
export function leakPages({ leaks, target }: Diagnosis, style: TextStyle): Line[] {
  return leaks.flatMap((leak, at) => {
    const page = { ...fromFolder(leak, target.folder), ruledOut: newReasons(leak, leaks.slice(0, at)) };
    return leakLines(page, at + 1, leaks.length, style);
  });
}

/** What holds for the process is said once, with the first leak; what holds for this leak alone is said with it. */
function newReasons({ ruledOut }: Leak, before: readonly Leak[]): readonly RuledOut[] {
  const said = new Set(before.flatMap((leak) => leak.ruledOut.map(({ what, because }) => `${what}: ${because}`)));
  return ruledOut.filter(({ what, because }) => !said.has(`${what}: ${because}`));
}

function leakLines(leak: Leak, number: number, total: number, style: TextStyle): Line[] {
  return [
    EMPTY_LINE,
    ...titleLines(leak, number, total, style),
    ...sentence(amountWords(leak), style),
    // Nothing leads to garbage: it has no path.
    ...(leak.path.length === 0 ? [] : [EMPTY_LINE, ...judgedPathLines(leak, style)]),
    EMPTY_LINE,
    ...placeLines(leak, style),
    ...leak.because.flatMap((text, at) => labelled(at === 0 ? "why" : "", text, style)),
    ...ruledOutLines(leak, style),
    ...(leak.confidence === "proved" ? [] : labelled("to be sure", leak.growth.wouldChange, style)),
    ...fixLines(leak, style),
    ...knownLines(leak, style),
  ];
}

function titleLines(leak: Leak, number: number, total: number, style: TextStyle): Line[] {
  const which = total === 1 ? "Leak" : `Leak ${number} of ${total}`;
  const tone: Tone = leak.confidence === "proved" ? "bad" : "warning";
  return paragraph(
    [
      span(which, "strong"),
      span(" · "),
      span(leak.confidence, tone),
      span(` · ${leak.cause} ${causeName(leak.cause)} · `),
      span(leak.fingerprint, "faint"),
    ],
    style,
  );
}

/** "83,114 Session objects, 412 MiB held; 1,004 objects more since the first snapshot, +3.1 MiB per minute". */
function amountWords({ leaked, holder }: Leak): string {
  if (holder.kind === "native") return nativeWords(leaked);
  const { type, count, countGrowth, heldBytes, retainedBytes, bytesPerMinute } = leaked;
  const freed = retainedBytes < heldBytes * 0.95 ? ` (${formatBytes(retainedBytes)} of it only here)` : "";
  const rate = bytesPerMinute > 0 ? `, ${formatBytesGrowth(Math.round(bytesPerMinute))} per minute` : "";
  return `${formatCount(count)} ${type} objects, ${formatBytes(heldBytes)} held${freed}; ${countOf(countGrowth, "object")} more since the first snapshot${rate}.`;
}

function nativeWords({ heldBytes, bytesPerMinute }: Leak["leaked"]): string {
  return `${formatBytes(heldBytes)} outside the Python heap, ${formatBytesGrowth(Math.round(bytesPerMinute))} per minute.`;
}

function removalWords(leak: Leak): string {
  return leak.sites.length === 0 ? "unknown: no source of it was found" : "nowhere in the source that was read";
}

/** What people suspect first. The rest is in the JSON. */
const TELLING_REASONS: readonly string[] = [
  "load",
  "warm-up",
  "a bounded cache that fills",
  "fragmentation",
  "garbage",
];

function ruledOutLines({ ruledOut }: Leak, style: TextStyle): Line[] {
  const telling = TELLING_REASONS.flatMap((word) => ruledOut.find(({ what }) => what.startsWith(word)) ?? []);
  return telling.flatMap(({ what, because }, at) => labelled(at === 0 ? "not" : "", `${what}: ${because}`, style));
}

function placeLines(leak: Leak, style: TextStyle): Line[] {
  if (leak.holder.kind === "native") return [];
  return [
    ...siteLines("put in at", leak.sites, "not found in the source", style),
    ...siteLines("taken out", leak.removals, removalWords(leak), style),
  ];
}

function siteLines(label: string, sites: readonly LeakSite[], none: string, style: TextStyle): Line[] {
  if (sites.length === 0) return labelled(label, none, style);
  const more = sites.length - MOST_SITES;
  return [
    ...sites
      .slice(0, MOST_SITES)
      .flatMap(({ file, line, code }, at) =>
        labelledSpans(at === 0 ? label : "", [span(`${file}:${line}`, "name"), span(`  ${code}`)], style),
      ),
    ...(more > 0 ? labelled("", `and ${countOf(more, "more place")}`, style) : []),
  ];
}

function fixLines({ fix }: Leak, style: TextStyle): Line[] {
  if (fix === null) return [];
  const patch = fix.patch === null ? [] : fix.patch.trimEnd().split("\n");
  return [...labelled("fix", fix.text, style), ...patch.map((line) => [spaces(4), span(line, patchTone(line))])];
}

function patchTone(line: string): Tone {
  if (line.startsWith("+")) return "good";
  return line.startsWith("-") ? "bad" : "faint";
}

function knownLines({ known }: Leak, style: TextStyle): Line[] {
  if (known === null) return [];
  const fixed = known.fixedIn === null ? "It is not fixed yet" : `It is fixed in ${known.fixedIn}`;
  const installed = known.installedVersion === null ? "" : ` (installed: ${known.installedVersion})`;
  return labelled("known", `${known.summary} ${fixed}${installed}: ${known.url}`, style);
}

function labelled(label: string, text: string, style: TextStyle): Line[] {
  return labelledSpans(label, [span(text)], style);
}

function labelledSpans(label: string, spans: readonly Span[], style: TextStyle): Line[] {
  const first = [spaces(2), span(label, "faint"), spaces(LABEL_WIDTH - 2 - label.length)];
  return paragraph(spans, style, { first, rest: LABEL_WIDTH });
}

function dismissedLines({ dismissed }: Diagnosis, style: TextStyle): Line[] {
  if (dismissed.length === 0) return [];
  return [
    ...heading("Grew, and is no leak as far as one can see"),
    ...dismissed.slice(0, MOST_DISMISSED).flatMap(({ holder, growth }) =>
      paragraph([span(holder.path, "name"), span(`  ${growth.because.join(" ")}`)], style, {
        first: [spaces(2)],
        rest: 4,
      }),
    ),
  ];
}

function windowLines({ window }: Diagnosis, style: TextStyle): Line[] {
  const paused = window.pauseMs.reduce((sum, each) => sum + each, 0);
  const text = `Watched for ${formatDuration(window.seconds * 1000)}: ${countOf(window.samples, "sample")} without stopping it, ${countOf(window.snapshots, "snapshot")} with ${formatDuration(paused)} of pause in all.`;
  return [EMPTY_LINE, ...sentence(text, style, "faint")];
}

function nextCommand({ leaks, target }: Diagnosis): string | null {
  return whyCommand(target.pid.toString(), leaks[0]?.holder.path);
}
