// The way from the root to what piles up, one step a line, with the reference to cut underlined.

import { formatCount, formatCountGrowth } from "../base/format-count.ts";
import { displayWidth } from "../base/format-width.ts";
import type { JudgedStep, Leak } from "../model/diagnosis.ts";
import { paragraph } from "./prose.ts";
import { elided, type Line, spaces, span, type TextStyle, type Tone } from "./text-style.ts";

const TONES: Readonly<Record<JudgedStep["verdict"], Tone>> = { expected: "good", stuck: "bad", unknown: "faint" };
const WORD_WIDTH = 10;
const MOST_STEPS = 14;

/** Verdict, edge, type with its count, and below it the reason. */
export function judgedPathLines({ path, holder }: Leak, style: TextStyle): Line[] {
  const shown = path.length <= MOST_STEPS ? path : [...path.slice(0, 4), ...path.slice(-(MOST_STEPS - 4))];
  const hidden = path.length - shown.length;
  const lastExpected = shown.findLastIndex(({ verdict }) => verdict === "expected");
  return shown.flatMap((step, depth) => [
    ...(hidden > 0 && depth === 4
      ? [[spaces(2 + WORD_WIDTH), span(`… ${formatCount(hidden)} more steps`, "faint")]]
      : []),
    // That a module stays goes without saying; why the holder itself belongs there does not.
    ...stepLines(
      step.verdict === "expected" && depth !== lastExpected ? { ...step, because: "" } : step,
      depth,
      placeWords(holder.file, holder.line),
      style,
    ),
  ]);
}

function stepLines(step: JudgedStep, depth: number, place: string, style: TextStyle): Line[] {
  const indent = Math.min(depth, 8) * 2;
  const start = 2 + WORD_WIDTH + indent;
  const room = Math.max(20, style.width - start);
  const detail = span(detailWords(step), "faint");
  const edge = elided(
    span(step.edge, step.isFaulty ? "bad" : "name"),
    Math.max(16, room - 2 - displayWidth(detail.text)),
  );
  const line: Line = [
    spaces(2),
    span(step.verdict.padEnd(WORD_WIDTH), TONES[step.verdict]),
    spaces(indent),
    edge,
    spaces(2),
    elided(detail, room - displayWidth(edge.text) - 2),
  ];
  const underline: Line[] = step.isFaulty
    ? [[spaces(start), span("~".repeat(displayWidth(edge.text)), "bad"), span(`  the reference to cut${place}`, "bad")]]
    : [];
  const reason = paragraph([span(step.because, "faint")], style, { first: [spaces(start + 2)], rest: start + 2 });
  return [line, ...underline, ...(step.because === "" ? [] : reason)];
}

function placeWords(file: string | null, line: number | null): string {
  if (file === null) return "";
  return line === null ? `: ${file}` : `: ${file}:${line}`;
}

/** "dict, 83,114 entries (+1,004)". */
function detailWords({ type, entries, entriesGrowth }: JudgedStep): string {
  if (entries === null) return type;
  const growth = entriesGrowth === null || entriesGrowth === 0 ? "" : ` (${formatCountGrowth(entriesGrowth)})`;
  return `${type}, ${formatCount(entries)} ${entries === 1 ? "entry" : "entries"}${growth}`;
}
