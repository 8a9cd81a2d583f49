// The figures as Markdown. Pure: the clock and the machine are asked elsewhere.

import type { Contestant, Control } from "./contestants.ts";
import { type Measurement, type Spread, spreadOf } from "./measurement.ts";
import type { Truth } from "./target.ts";

export interface Row {
  readonly contestant: Contestant;
  readonly measurements: readonly Measurement[];
  /** Why there are none, or no more. */
  readonly skipped: string | null;
}

export interface Report {
  /** One line per fact. */
  readonly machine: readonly string[];
  /** What forbids quoting the figures; null if nothing does. */
  readonly preliminary: string | null;
  readonly truth: Truth;
  readonly rows: readonly Row[];
}

const HEADINGS = [
  "",
  "Other threads stall, ms",
  "Its thread is away, ms",
  "Total, s",
  "CPU target + tool, s",
  "Target memory, peak / kept, MiB",
  "Tool memory, MiB",
  "Names the holder",
  "Retained bytes",
];
const HOW_DECIDED = [
  "Names the holder: `CACHE` is in what the tool printed; Deadweight: it is the first holder of `top`. Retained bytes: what the",
  "tool gives for `CACHE`, against what went away with it. Pympler adds up everything reachable from it, shared or not.",
];
/** The name in target.py. */
const HOLDER = "CACHE";

export function markdown(report: Report): string {
  const measured = report.rows.filter((row) => row.measurements.length > 0);
  return [
    report.preliminary === null ? [] : [`**Preliminary:** ${report.preliminary}`, ""],
    report.machine.map((fact) => `- ${fact}`),
    [`- target: ${truthSentence(report.truth)}`, ""],
    table(
      HEADINGS,
      measured.map((row) => cells(row, report.truth)),
    ),
    ["", ...HOW_DECIDED, "", "Inside the target, step by step (seconds, longest stall of another thread in ms):", ""],
    table(["Tool", "Step", "s", "stall, ms"], measured.flatMap(stepCells)),
    skippedLines(report.rows),
  ]
    .flat()
    .join("\n");
}

function truthSentence(truth: Truth): string {
  const { objects, bytes, cacheObjects, cacheBytes } = truth;
  return `${count(objects)} objects, ${mib(bytes)} MiB; ${HOLDER} retains ${count(cacheObjects)} of them, ${count(cacheBytes)} B (found by taking it away)`;
}

function cells({ contestant, measurements }: Row, truth: Truth): readonly string[] {
  const spread = (pick: (one: Measurement) => number): Spread => spreadOf(measurements.map(pick));
  const targetCpu = range(spread((one) => one.targetCpuSeconds));
  const isOutside = contestant.kind === "outside";
  return [
    contestant.name,
    range(spread((one) => one.gapMs)),
    contestant.kind === "inside" ? range(spread((one) => one.ownThreadMs)) : "same",
    range(spread((one) => one.wallSeconds)),
    isOutside ? `${targetCpu} + ${range(spread((one) => one.toolCpuSeconds ?? 0))}` : targetCpu,
    `${range(spread((one) => one.peakExtraMib))} / ${figure(spread((one) => one.keptExtraMib).median)}`,
    isOutside ? range(spread((one) => one.toolPeakMib ?? 0)) : "-",
    contestant.kind === "control" ? "-" : naming(contestant, measurements),
    contestant.kind === "control" ? "-" : retained(measurements, truth),
  ];
}

/** Yes when the name is in what the tool said. */
function naming(contestant: Exclude<Contestant, Control>, measurements: readonly Measurement[]): string {
  if (!measurements.every((one) => one.answer.text.includes(HOLDER))) return "no";
  return contestant.whenNamed;
}

/** The deviation from what was freed when the holder was taken away. */
function retained(measurements: readonly Measurement[], truth: Truth): string {
  const bytes = measurements.at(-1)?.answer.bytes ?? null;
  if (bytes === null) return "no";
  const percent = (bytes / truth.cacheBytes - 1) * 100;
  return `${count(bytes)} (${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(2)} %)`;
}

function stepCells({ contestant, measurements }: Row): readonly (readonly string[])[] {
  const steps = measurements[0]?.steps ?? [];
  return steps.map(({ name }, index) => {
    const spread = (field: "seconds" | "gapMs"): Spread =>
      spreadOf(measurements.map((one) => one.steps[index]?.[field] ?? Number.NaN));
    return [contestant.name, name, range(spread("seconds")), range(spread("gapMs"))];
  });
}

function skippedLines(rows: readonly Row[]): readonly string[] {
  const lines = rows.flatMap(({ contestant, measurements, skipped }) =>
    skipped === null ? [] : [`- ${contestant.name}: ${skipped} (${measurements.length} rounds measured)`],
  );
  return lines.length === 0 ? [] : ["", "Left out, and why:", "", ...lines];
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (columns: readonly string[]): string => `| ${columns.join(" | ")} |`;
  const marks = headings.map((_, index) => (index === 0 ? "---" : "--:"));
  return [line(headings), `|${marks.join("|")}|`, ...rows.map(line)];
}

/** Median, and in brackets the lowest and the highest. */
function range({ median, min, max }: Spread): string {
  return min === max ? figure(median) : `${figure(median)} (${figure(min)}..${figure(max)})`;
}

/** Three digits, but nothing beyond hundredths. */
function figure(value: number): string {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return Number(text) === 0 ? "0" : text;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
