// The same place in several workers of one program: added up, and who of them is out of line.

import { medianOf } from "../base/statistics/quantile.ts";
import type { SeriesShape } from "../model/verdict.ts";
import type { HolderSum, WatchedHolder, WatchedProcess } from "../model/watch-report.ts";

const MOST_SUMS = 200;
/** With fewer workers nobody can say who is the odd one. */
const ENOUGH_FOR_OUTLIERS = 3;
/** Of the median of the others. */
const FAR_MORE = 3;
/** Below this a difference is nothing. */
const LEAST_ENTRIES = 100;

/** One row for each place; most growth per second first. O(holders). */
export function sumHolders(processes: readonly WatchedProcess[]): HolderSum[] {
  const places = new Map<string, { readonly pid: number; readonly holder: WatchedHolder }[]>();
  for (const { pid, holders, state } of processes) {
    if (state === "ended") continue;
    for (const holder of holders) {
      const place = places.get(holder.fingerprint);
      if (place === undefined) places.set(holder.fingerprint, [{ pid, holder }]);
      else place.push({ pid, holder });
    }
  }
  return [...places.values()]
    .flatMap(sumOf)
    .toSorted((a, b) => b.perSecond - a.perSecond || b.now - a.now)
    .slice(0, MOST_SUMS);
}

function sumOf(rows: readonly { readonly pid: number; readonly holder: WatchedHolder }[]): HolderSum[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { fingerprint, path, type, unit } = first.holder;
  const total = (valueOf: (holder: WatchedHolder) => number): number =>
    rows.reduce((sum, { holder }) => sum + valueOf(holder), 0);
  return [
    {
      fingerprint,
      path,
      type,
      unit,
      processes: new Set(rows.map(({ pid }) => pid)).size,
      now: total(({ now }) => now),
      perSecond: total(({ perSecond }) => perSecond),
      heldBytes: total(({ heldBytes }) => heldBytes),
      shape: worstOf(rows.map(({ holder }) => holder.shape)),
      isProved: rows.some(({ holder }) => holder.isProved),
      outlier: outlierOf(rows),
    },
  ];
}

const FROM_WORST: readonly SeriesShape[] = ["growing", "filling", "load", "warm-up", "unclear", "steady"];

function worstOf(shapes: readonly SeriesShape[]): SeriesShape {
  return FROM_WORST.find((shape) => shapes.includes(shape)) ?? "unclear";
}

/** A place may stand for several containers of one worker: they count together. */
function outlierOf(rows: readonly { readonly pid: number; readonly holder: WatchedHolder }[]): HolderSum["outlier"] {
  const byPid = new Map<number, number>();
  for (const { pid, holder } of rows) byPid.set(pid, (byPid.get(pid) ?? 0) + holder.now);
  if (byPid.size < ENOUGH_FOR_OUTLIERS) return null;
  const [largest, ...others] = [...byPid].toSorted(([, a], [, b]) => b - a);
  if (largest === undefined) return null;
  const [pid, now] = largest;
  const usual = medianOf(others.map(([, value]) => value));
  return now >= LEAST_ENTRIES && now > usual * FAR_MORE ? { pid, now } : null;
}
