// False alarms and detection of `judgeSeries` beside the tests that people write at first. Method and figures: bench/method.md, "Verdicts".
//   npx tsx bench/verdicts.ts [--runs 400] [--seed 1]

import { parseArgs } from "node:util";

import { mannKendall } from "../src/base/statistics/mann-kendall.ts";
import type { SeriesVerdict } from "../src/model/verdict.ts";
import { judgeSeries } from "../src/watch/judge-series.ts";
import {
  evenTimes,
  FAINT_LEAKS,
  LEAKS,
  NON_LEAKS,
  randomFrom,
  type SimulatedCase,
  type SimulatedKind,
} from "../test/support/simulated-series.ts";

interface Watch {
  readonly name: string;
  readonly seconds: number;
  readonly perSecond: number;
}
const WATCHES: readonly Watch[] = [
  { name: "30 s", seconds: 30, perSecond: 2 },
  { name: "60 s", seconds: 60, perSecond: 2 },
  { name: "5 min", seconds: 300, perSecond: 2 },
  { name: "1 h", seconds: 3600, perSecond: 0.2 },
];

/** The test of a script: the end is 5 % above the start. */
function endsHigher(values: readonly number[]): boolean {
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  return mean(values.slice(-5)) > 1.05 * mean(values.slice(0, 5));
}

/** A straight line by least squares, t > 2.33: p < 0.01, one-sided. */
function lineRises(values: readonly number[]): boolean {
  const n = values.length;
  const [meanX, meanY] = [(n - 1) / 2, values.reduce((sum, value) => sum + value, 0) / n];
  let [xx, xy, yy] = [0, 0, 0];
  values.forEach((value, at) => {
    xx += (at - meanX) ** 2;
    xy += (at - meanX) * (value - meanY);
    yy += (value - meanY) ** 2;
  });
  const slope = xy / xx;
  const deviation = Math.sqrt(Math.max(0, yy - slope * xy) / (n - 2) / xx);
  return slope > 2.33 * deviation && slope > 0;
}

interface Column {
  readonly name: string;
  readonly says: (one: SimulatedCase, verdict: SeriesVerdict) => boolean;
}
const COLUMNS: readonly Column[] = [
  { name: "end > start + 5 %", says: ({ series }) => endsHigher(Array.from(series.values)) },
  { name: "line, p < 0.01", says: ({ series }) => lineRises(Array.from(series.values)) },
  { name: "Mann-Kendall, p < 0.01", says: ({ series }) => mannKendall(series.values).p < 0.01 },
  { name: "growing", says: (_, { shape }) => shape === "growing" },
  { name: "**proved**", says: (_, { isUnbroken }) => isUnbroken },
];

/** Percent of the runs, per column. */
function row(kind: SimulatedKind, watch: Watch, runs: number, seed: number): number[] {
  const said = COLUMNS.map(() => 0);
  for (let run = 0; run < runs; run++) {
    const times = evenTimes(watch.seconds, watch.perSecond);
    const one = kind.make({ random: randomFrom(seed + 7919 * run), seconds: watch.seconds, times });
    const verdict = judgeSeries(one.series, one.context);
    COLUMNS.forEach(({ says }, at) => (said[at]! += says(one, verdict) ? 1 : 0));
  }
  return said.map((count) => (100 * count) / runs);
}

function printTable(title: string, kinds: readonly SimulatedKind[], runs: number, seed: number): void {
  console.log(`\n${title}, in percent; each cell: ${WATCHES.map(({ name }) => name).join(" / ")}\n`);
  console.log(`| series | ${COLUMNS.map(({ name }) => name).join(" | ")} |`);
  console.log(`|---|${COLUMNS.map(() => "--:|").join("")}`);
  const worst: number[] = [];
  for (const kind of kinds) {
    const rows = WATCHES.map((watch) => row(kind, watch, runs, seed));
    worst.push(...rows.map((rates) => rates.at(-1)!));
    const cells = COLUMNS.map((_, column) => rows.map((rates) => short(rates[column]!)).join(" / "));
    console.log(`| ${kind.name} | ${cells.join(" | ")} |`);
  }
  console.log(`\nproved: ${short(Math.min(...worst))} to ${short(Math.max(...worst))} %`);
}

function short(percent: number): string {
  return percent === 0 || percent === 100 ? String(percent) : percent.toFixed(percent < 10 ? 1 : 0);
}

const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const [runs, seed] = [Number(values.runs ?? 400), Number(values.seed ?? 1)];
printTable("False alarms", NON_LEAKS, runs, seed);
printTable("Leaks detected", LEAKS, runs, seed);
printTable("Faint leaks detected", FAINT_LEAKS, runs, seed);
