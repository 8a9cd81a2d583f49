// Does growth keep its pace? A pool that fills, or a cache of all users there are, grows fast at first and slows down; a leak does not.

import { interpolate } from "../base/statistics/interpolate.ts";
import { mannKendall } from "../base/statistics/mann-kendall.ts";
import { numberAt } from "../base/statistics/number-at.ts";
import { theilSen } from "../base/statistics/theil-sen.ts";
import { windowFloors } from "../base/statistics/window-floors.ts";
import type { SettledFloors } from "./floors.ts";
import { since, spanOf, type TimedValues } from "./timed-values.ts";

/** Growth per second, or per unit of work, whichever is the more even. */
export interface Pace {
  readonly early: number;
  readonly late: number;
  /** Of the late half, as a share of the whole: 1 for a straight line. */
  readonly lateShare: number;
  /** The steps get smaller, by more than chance explains. */
  readonly isSlowing: boolean;
}

/** The bend is clearest where growth begins, but what loads at the very start says nothing about the rest. */
const IGNORED_SHARE = 0.15;
const WINDOWS = 17;
const SLOWING_LEVEL = 0.05;
const CERTAIN_LEVEL = 0.01;
const SLOWER_OVERALL = 0.85;
const SLOWER_LATELY = 0.95;

/**
 * Compares the halves of the settled part, and looks for a bend in the `whole`. `load` is cumulative work. What leaks per request slows down
 * with the requests, what leaks per tick of a clock does not, so growth keeps its pace when it does by either measure. O(n).
 */
export function paceOf(whole: TimedValues, floors: SettledFloors, load: TimedValues | null): Pace {
  const byTime = paceBy(null, whole, floors);
  if (load === null || !floors.hasOneDirection) return byTime;
  const byWork = paceBy(load, whole, floors);
  const better = byWork.lateShare > byTime.lateShare ? byWork : byTime;
  return { ...better, isSlowing: byTime.isSlowing && byWork.isSlowing };
}

function paceBy(load: TimedValues | null, whole: TimedValues, floors: SettledFloors): Pace {
  const halves = floors.hasOneDirection ? halvesBySteps(floors, load) : halvesByLine(floors);
  const begun = since(whole, numberAt(whole.times, 0) + IGNORED_SHARE * spanOf(whole));
  const over = floors.hasOneDirection
    ? evenlySpaced(begun)
    : (windowFloors(begun.times, begun.values, WINDOWS) ?? floors);
  const steps = stepsOf(over.times, over.floors, load);
  const middle = steps.length >> 1;
  const isBent = mean(steps.slice(middle)) < SLOWER_OVERALL * mean(steps.slice(0, middle));
  const isSlowing = steps.length >= 4 && isBent && isClearly(mannKendall(steps.map((step) => -step)).p, halves);
  return { ...halves, lateShare: halves.whole > 0 ? halves.late / halves.whole : 0, isSlowing };
}

/** What goes one way is known between two samples too, so gaps in the sampling leave no gap here. */
function evenlySpaced({ times, values }: TimedValues): Pick<SettledFloors, "times" | "floors"> {
  const [start, width] = [numberAt(times, 0), spanOf({ times, values }) / WINDOWS];
  const at = Float64Array.from({ length: WINDOWS + 1 }, (_, window) => start + window * width);
  return { times: at, floors: at.map((time) => interpolate(times, values, time)) };
}

/** A bend that is not certain must still be there lately: a start that was merely busy is over by then. */
function isClearly(p: number, { early, late }: Halves): boolean {
  return p < CERTAIN_LEVEL || (p < SLOWING_LEVEL && late < SLOWER_LATELY * early);
}

interface Halves {
  readonly early: number;
  readonly late: number;
  readonly whole: number;
}

/** What is put in and stays: the steps add up exactly. */
function halvesBySteps({ times, floors }: SettledFloors, load: TimedValues | null): Halves {
  const steps = stepsOf(times, floors, load);
  const middle = steps.length >> 1;
  return { early: mean(steps.slice(0, Math.max(1, middle))), late: mean(steps.slice(middle)), whole: mean(steps) };
}

/** What goes up and down: medians, since a single low floor would bend everything. */
function halvesByLine({ times, floors }: SettledFloors): Halves {
  const middle = times.length >> 1;
  const slope = (from: number, to: number): number => theilSen(times.slice(from, to), floors.slice(from, to), 0).slope;
  return { early: slope(0, middle + 1), late: slope(middle, times.length), whole: slope(0, times.length) };
}

/** Rise per second, or per unit of work, from each floor to the next. Steps without any work are left out. */
function stepsOf(times: Float64Array, floors: Float64Array, load: TimedValues | null): number[] {
  const clock = load === null ? times : times.map((time) => interpolate(load.times, load.values, time));
  const steps: number[] = [];
  for (let at = 1; at < floors.length; at++) {
    const run = numberAt(clock, at) - numberAt(clock, at - 1);
    if (run > 0) steps.push((numberAt(floors, at) - numberAt(floors, at - 1)) / run);
  }
  return steps;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
