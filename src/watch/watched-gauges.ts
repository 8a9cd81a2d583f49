// Which of thousands of containers are worth a line, and what their series show so far. Judging one takes a third of a
// millisecond, so only those that would be shown are judged, and again only when they changed and some seconds went by.

import type { Gauge, GaugeSummary, GaugeTrack } from "../model/gauge.ts";
import type { HolderKind } from "../model/holder.ts";
import type { LoadSeries, SeriesVerdict } from "../model/verdict.ts";
import type { WatchedCache, WatchedHolder } from "../model/watch-report.ts";
import { judgeSeries } from "./judge-series.ts";
import { recentRate } from "./recent-rate.ts";

/** The name of a gauge, from the snapshot that it was picked from. */
export interface GaugeName {
  readonly fingerprint: string;
  readonly path: string;
  readonly kind: HolderKind;
  readonly type: string;
  readonly heldBytes: number;
}

/** What is followed in one process, live or from a recording. */
export interface FollowedGauges {
  readonly gauges: readonly Gauge[];
  readonly summaries: readonly GaugeSummary[];
  readonly track: (gauge: number) => GaugeTrack | null;
  readonly nameOf: (gauge: number) => GaugeName | null;
  readonly load: LoadSeries | null;
  /** On the clock of the tracks. */
  readonly nowMs: number;
}

/** The last verdict on each container, by address. Belongs to one process. */
export type VerdictMemory = Map<
  number,
  { readonly judgedMs: number; readonly lastMs: number; readonly growth: SeriesVerdict }
>;

const MOST_HOLDERS = 200;
const MOST_CACHES = 50;
/** Of those shown; the rest keep their last verdict, and get one when their turn comes. */
const MOST_JUDGED = 40;
const JUDGED_AGAIN_MS = 4000;

/** Most growth first. O(changed), and judging `MOST_JUDGED` series at most. */
export function watchedHolders(followed: FollowedGauges, memory: VerdictMemory): WatchedHolder[] {
  const shown = mostRisen(followed.summaries.filter(({ state, first, last }) => state === "alive" && first !== last));
  const budget = { left: MOST_JUDGED };
  return shown.flatMap((summary) => holderOf(summary, followed, memory, budget));
}

/** Sorting tens of thousands of objects at every look would cost more than all the rest; numbers are quick. */
function mostRisen(changed: readonly GaugeSummary[]): readonly GaugeSummary[] {
  const rises = Float64Array.from(changed, riseOf);
  const floor =
    rises.length > MOST_HOLDERS ? (rises.toSorted()[rises.length - MOST_HOLDERS] ?? 0) : Number.NEGATIVE_INFINITY;
  return changed
    .filter((each) => riseOf(each) >= floor)
    .toSorted((a, b) => riseOf(b) - riseOf(a))
    .slice(0, MOST_HOLDERS);
}

/** 0 before it was read. */
function riseOf({ first, last }: GaugeSummary): number {
  return last - first || 0;
}

function holderOf(
  summary: GaugeSummary,
  followed: FollowedGauges,
  memory: VerdictMemory,
  budget: { left: number },
): WatchedHolder[] {
  const [gauge, name, track] = [
    followed.gauges[summary.gauge],
    followed.nameOf(summary.gauge),
    followed.track(summary.gauge),
  ];
  if (gauge === undefined || name === null || track === null) return [];
  const unit = gauge.kind === "bytearray" || gauge.kind === "array" ? "bytes" : "entries";
  const growth = verdictOn(gauge, track, summary, followed, memory, budget);
  const shape = growth?.shape ?? "unclear";
  return [
    {
      fingerprint: name.fingerprint,
      path: name.path,
      kind: name.kind,
      type: name.type,
      address: addressText(gauge.address),
      unit,
      first: summary.first,
      now: summary.last,
      perSecond: recentRate(track.series, followed.nowMs),
      bound: gauge.bound,
      heldBytes: name.heldBytes,
      shape,
      isProved: growth?.shape === "growing" && growth.isUnbroken && gauge.bound === null,
    },
  ];
}

/** Null when it has not had its turn yet. */
function verdictOn(
  gauge: Gauge,
  { series }: GaugeTrack,
  { lastMs }: GaugeSummary,
  { gauges, load, nowMs }: FollowedGauges,
  memory: VerdictMemory,
  budget: { left: number },
): SeriesVerdict | null {
  const known = memory.get(gauge.address);
  const isFresh = known !== undefined && (known.lastMs === lastMs || nowMs - known.judgedMs < JUDGED_AGAIN_MS);
  if (isFresh) return known.growth;
  if (budget.left <= 0) return known?.growth ?? null;
  budget.left -= 1;
  const unit = gauge.kind === "bytearray" || gauge.kind === "array" ? "bytes" : "entries";
  const context = { unit, load, bound: gauge.bound, unsettledUntilMs: 0, family: gauges.length } as const;
  const growth = judgeSeries(series, context);
  memory.set(gauge.address, { judgedMs: nowMs, lastMs, growth });
  return growth;
}

/** Most asked first. */
export function watchedCaches(followed: FollowedGauges): WatchedCache[] {
  const caches = followed.summaries.flatMap(({ gauge: at, state, last }) => {
    const gauge = followed.gauges[at];
    if (gauge?.kind !== "lru-cache" || state !== "alive") return [];
    const [name, track] = [followed.nameOf(at), followed.track(at)];
    if (name === null || track === null) return [];
    const { fingerprint, path } = name;
    const address = addressText(gauge.address);
    const [hits, misses] = [changeOf(track.hits), changeOf(track.misses)];
    return [{ fingerprint, path, address, entries: last, bound: gauge.bound, hits, misses }];
  });
  return caches.toSorted((a, b) => b.hits + b.misses - (a.hits + a.misses)).slice(0, MOST_CACHES);
}

/** A cleared cache counts from 0 again. */
function changeOf(counter: readonly [first: number, last: number] | null): number {
  return counter === null ? 0 : Math.max(0, counter[1] - counter[0]);
}

function addressText(address: number): string {
  return `0x${address.toString(16)}`;
}
