// A retaining path as an indented tree: root first, the object last, what each step holds on the left.

import { formatBytes } from "../base/format-bytes.ts";
import { countOf, formatCount } from "../base/format-count.ts";
import { displayWidth } from "../base/format-width.ts";
import type { PathStep } from "../model/holder.ts";
import { paragraph } from "./prose.ts";
import { elided, type Line, type Span, spaces, span, type TextStyle } from "./text-style.ts";

const SIZE_COLUMN = 2 + "1023 MiB".length + 2;
const INDENT_PER_STEP = 3;
/** Longer paths (a linked list's) show both ends only. */
const SHOWN_AT_START = 10;
const SHOWN_AT_END = 12;

/** Shorter runs of like steps are shown whole. */
const LONG_RUN = 5;

type Shown = { readonly kind: "step"; readonly step: PathStep } | { readonly kind: "gap"; readonly steps: number };

export function pathTreeLines(steps: readonly PathStep[], style: TextStyle): Line[] {
  const shown = shownSteps(steps);
  const lines = shown.map((each, depth) =>
    each.kind === "gap"
      ? gapLine(each.steps, depth, style)
      : stepLine(each.step, depth, depth === shown.length - 1, style),
  );
  return [...lines, ...sharedStepLines(steps, style)];
}

/** Every module is held from many sides, so that `sys.modules` retains few of them goes without saying. */
function sharedStepLines(steps: readonly PathStep[], style: TextStyle): Line[] {
  const at = steps.findIndex(
    (step, depth) => step.edge !== "sys.modules" && step.heldBytes < (steps[depth + 1]?.heldBytes ?? 0),
  );
  const shared = steps[at + 1];
  if (at < 0 || shared === undefined || shared.address === null) return [];
  const text = `${shared.edge} retains more than the step above it, because something else holds it, or part of it, too.`;
  return paragraph([span(text, "faint")], style, { first: [spaces(SIZE_COLUMN)], rest: SIZE_COLUMN });
}

function shownSteps(steps: readonly PathStep[]): Shown[] {
  const folded = foldRuns(steps);
  const hidden = folded.slice(SHOWN_AT_START, -SHOWN_AT_END);
  if (hidden.length < 2) return folded;
  const gap: Shown = {
    kind: "gap",
    steps: hidden.reduce((sum, each) => sum + (each.kind === "gap" ? each.steps : 1), 0),
  };
  return [...folded.slice(0, SHOWN_AT_START), gap, ...folded.slice(-SHOWN_AT_END)];
}

/** A run of like steps (`.next` `.next` `.next`...) is its first, a gap, and its last. */
function foldRuns(steps: readonly PathStep[]): Shown[] {
  const shown: Shown[] = [];
  for (let start = 0; start < steps.length; ) {
    const run = steps.slice(start, runEnd(steps, start)).map((step): Shown => ({ kind: "step", step }));
    shown.push(
      ...(run.length < LONG_RUN
        ? run
        : [...run.slice(0, 1), { kind: "gap" as const, steps: run.length - 2 }, ...run.slice(-1)]),
    );
    start += run.length;
  }
  return shown;
}

function runEnd(steps: readonly PathStep[], start: number): number {
  const first = steps[start];
  const end = steps.findIndex((step, at) => at > start && (step.edge !== first?.edge || step.type !== first.type));
  return end === -1 ? steps.length : end;
}

function stepLine(step: PathStep, depth: number, last: boolean, style: TextStyle): Line {
  const size = formatBytes(step.heldBytes);
  const before: Span[] = [
    spaces(SIZE_COLUMN - 2 - displayWidth(size)),
    span(size, "strong"),
    spaces(2),
    branch(depth, style),
  ];
  const room = style.width - SIZE_COLUMN - displayWidth(branch(depth, style).text);
  const what = elided(span(stepDetail(step), "faint"), Math.floor(room * 0.6));
  const edge = elided(span(step.edge, last ? "name" : "plain"), room - 2 - displayWidth(what.text));
  return [...before, edge, spaces(2), what];
}

function gapLine(steps: number, depth: number, style: TextStyle): Line {
  return [spaces(SIZE_COLUMN), branch(depth, style), span(`… ${formatCount(steps)} more steps`, "faint")];
}

/** Indentation stops at a third of the width: a deep path must leave room for its names. */
function branch(depth: number, style: TextStyle): Span {
  if (depth === 0) return span("");
  const deepest = Math.floor(style.width / 3 / INDENT_PER_STEP);
  return span(`${" ".repeat(INDENT_PER_STEP * (Math.min(depth, deepest) - 1))}└─ `, "faint");
}

function stepDetail(step: PathStep): string {
  return step.entries === null ? step.type : `${step.type}, ${countOf(step.entries, "entry", "entries")}`;
}
