// `deadweight verify`: does the scenario leave something behind, the rounds with their constant column, then a page per leak.

import { formatBytes, formatBytesGrowth } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { shellWord } from "../base/format-shell.ts";
import type { Verification, VerificationVerdict, VerifiedLeak, VerifiedRound } from "../model/verification.ts";
import { leakPages } from "./diagnosis-text.ts";
import { EMPTY_LINE, type Line, renderLines, span, type Span, type TextStyle, type Tone } from "./text-style.ts";
import { heading, paragraph, sentence, warningLines } from "./prose.ts";
import { column, row, tableLines } from "./table.ts";

export function verificationText(report: Verification, style: TextStyle): string {
  const [shown] = report.leaks;
  return renderLines(
    [
      ...answerLines(report, shown, style),
      EMPTY_LINE,
      ...roundLines(report, shown, style),
      ...otherLeaks(report.leaks.slice(1), style),
      ...leakPages(report.diagnosis, style),
      ...knownLines(report.leaks, style),
      ...warningLines([...report.warnings, ...report.diagnosis.warnings], style),
    ],
    style,
  );
}

const ANSWERS: Readonly<Record<VerificationVerdict, { readonly words: string; readonly tone: Tone }>> = {
  "no-growth": { words: "leaves nothing behind", tone: "good" },
  leak: { words: "leaks memory at every call", tone: "bad" },
  known: { words: "leaks memory as the baseline says, and no more", tone: "warning" },
  growing: { words: "may leave something behind; it is not proved", tone: "warning" },
};

function answerLines(report: Verification, leak: VerifiedLeak | undefined, style: TextStyle): Line[] {
  const { words, tone } = ANSWERS[report.verdict];
  const command = report.scenario.command.map(shellWord).join(" ");
  return [
    ...paragraph([span(command, "name"), span(` ${words}.`, tone)], style),
    ...(leak === undefined ? passed(report, style) : grown(leak, report.rounds.length, style)),
  ];
}

function passed({ rounds, scenario }: Verification, style: TextStyle): Line[] {
  const calls = rounds.reduce((sum, each) => sum + each.calls, 0);
  const early = rounds.length < scenario.mostRounds ? "; it ended there, since nothing grew any more" : "";
  return sentence(
    `No place of the heap grew in each of ${countOf(rounds.length, "round")} with ${countOf(calls, "call")} in all${early}.`,
    style,
  );
}

function grown({ path, perCall, unit }: VerifiedLeak, rounds: number, style: TextStyle): Line[] {
  const [least, most] = [Math.min(...perCall), Math.max(...perCall)];
  return paragraph(
    [
      span(path, "name"),
      span(` grows by ${range(least, most, unit)} per call, in each of ${countOf(rounds, "round")}.`),
    ],
    style,
  );
}

function range(least: number, most: number, unit: VerifiedLeak["unit"]): string {
  const [low, high] = [amount(least, unit), amount(most, unit)];
  if (unit === "bytes") return low === high ? low : `${low} to ${high}`;
  return low === high ? `${low} ${unit}` : `${low} to ${high} ${unit}`;
}

function amount(value: number, unit: VerifiedLeak["unit"]): string {
  return unit === "bytes" ? formatBytes(Math.round(value)) : value.toFixed(2);
}

const SIGNED = { plus: "+", minus: "-" } as const;

function signed(value: number): string {
  const sign = value < 0 ? SIGNED.minus : SIGNED.plus;
  return `${sign}${Math.abs(value).toFixed(2)}`;
}

/** In a narrower terminal the resident memory, which says least, is left out. */
const WIDTH_OF_ALL_COLUMNS = 80;

function roundLines(report: Verification, leak: VerifiedLeak | undefined, style: TextStyle): Line[] {
  const isWide = style.width >= WIDTH_OF_ALL_COLUMNS;
  const columns = [
    column("Round"),
    column("Calls"),
    ...(leak === undefined ? [] : [column(capital(leak.unit)), column("per call")]),
    column("Live"),
    column("per call"),
    ...(isWide ? [column("Resident"), column("per call")] : []),
  ];
  const rows = report.rounds.map((round, at) =>
    row([
      span(`${at + 1}`),
      span(formatCount(round.calls)),
      ...(leak === undefined ? [] : leakCells(leak, at)),
      ...byteCells(round).slice(0, isWide ? 4 : 2),
    ]),
  );
  return tableLines(columns, rows, style);
}

function leakCells({ sizes, perCall, unit }: VerifiedLeak, at: number): Span[] {
  const growth = (sizes[at + 1] ?? 0) - (sizes[at] ?? 0);
  const each = perCall[at] ?? 0;
  if (unit === "bytes") return [span(formatBytesGrowth(growth)), span(formatBytesGrowth(Math.round(each)), "strong")];
  return [span(signed(growth).replace(/\.00$/, "")), span(signed(each), "strong")];
}

function byteCells({ calls, liveGrowthBytes, rssGrowthBytes }: VerifiedRound): Span[] {
  return [liveGrowthBytes, rssGrowthBytes].flatMap((bytes) => [
    span(formatBytesGrowth(bytes)),
    span(formatBytesGrowth(Math.round(bytes / Math.max(1, calls))), "faint"),
  ]);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function otherLeaks(leaks: readonly VerifiedLeak[], style: TextStyle): Line[] {
  if (leaks.length === 0) return [];
  return [
    ...heading("Also"),
    ...leaks.flatMap(({ path, perCall, unit }) =>
      paragraph(
        [span(path, "name"), span(`  ${range(Math.min(...perCall), Math.max(...perCall), unit)} per call`)],
        style,
        { first: [span("  ")], rest: 4 },
      ),
    ),
  ];
}

function knownLines(leaks: readonly VerifiedLeak[], style: TextStyle): Line[] {
  const lines = leaks.flatMap(({ known }) =>
    known === null ? [] : sentence(`${known.fingerprint} is known until ${known.until}: ${known.because}`, style),
  );
  return lines.length === 0 ? [] : [...heading("In the baseline"), ...lines];
}
