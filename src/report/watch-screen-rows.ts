// What a person chose to see, and which rows that leaves, in their order.

import type { SeriesShape } from "../model/verdict.ts";
import type { WatchReport } from "../model/watch-report.ts";

export const SORT_KEYS = ["growth", "rate", "entries", "held", "path"] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export const SORTS: Readonly<Record<SortKey, string>> = {
  growth: "growth",
  rate: "growth per second",
  entries: "entries",
  held: "bytes held",
  path: "path",
};

export interface ScreenState {
  readonly sort: SortKey;
  readonly filter: string;
  readonly isTyping: boolean;
  readonly isFrozen: boolean;
  /** The worker that is looked at; null: all of them. */
  readonly focus: number | null;
  /** Key of the selected row; the first when it is null or gone. */
  readonly selected: string | null;
  readonly page: ScreenPage | null;
  /** What was just done. */
  readonly notice: string;
  /** Null for a live process. */
  readonly replay: { readonly seconds: number; readonly totalSeconds: number; readonly speed: number } | null;
}

export interface ScreenPage {
  readonly title: string;
  readonly lines: readonly string[];
  readonly offset: number;
}

export const FIRST_STATE: ScreenState = {
  sort: "growth",
  filter: "",
  isTyping: false,
  isFrozen: false,
  focus: null,
  selected: null,
  page: null,
  notice: "",
  replay: null,
};

/** A container of one process, or a place of several. */
export interface ScreenRow {
  readonly key: string;
  /** Where `why` would look. */
  readonly pid: number;
  readonly address: string;
  readonly path: string;
  readonly unit: "entries" | "bytes";
  readonly now: number;
  /** Since the watch began. */
  readonly growth: number;
  readonly perSecond: number;
  readonly bound: number | null;
  readonly heldBytes: number;
  readonly shape: SeriesShape;
  readonly isProved: boolean;
  /** Of how many processes; null for a single one. */
  readonly processes: number | null;
  readonly outlier: { readonly pid: number; readonly now: number } | null;
}

/** Sorted and filtered. */
export function chosenRows(report: WatchReport, { focus, sort, filter }: ScreenState): readonly ScreenRow[] {
  const isSingle = report.processes.length < 2 || report.processes.some(({ pid }) => pid === focus);
  const rows = isSingle ? singleRows(report, focus) : sumRows(report);
  const wanted = filter.toLowerCase();
  return rows
    .filter(({ path }) => wanted === "" || path.toLowerCase().includes(wanted))
    .toSorted((a, b) => compare(a, b, sort));
}

function singleRows({ processes }: WatchReport, focus: number | null): ScreenRow[] {
  const process = processes.find(({ pid }) => pid === focus) ?? processes[0];
  return (process?.holders ?? []).map((holder) => ({
    ...holder,
    key: holder.address,
    pid: process?.pid ?? 0,
    growth: holder.now - holder.first,
    processes: null,
    outlier: null,
  }));
}

/** `why` looks at the worker that is out of line, or at the one that has most. */
function sumRows({ processes, sums }: WatchReport): ScreenRow[] {
  return sums.map((sum) => {
    const of = processes.flatMap(({ pid, holders }) =>
      holders.filter(({ fingerprint }) => fingerprint === sum.fingerprint).map((holder) => ({ pid, holder })),
    );
    const most = of.toSorted((a, b) => b.holder.now - a.holder.now)[0];
    const growth = of.reduce((all, { holder }) => all + holder.now - holder.first, 0);
    const address = most?.holder.address ?? "0x0";
    return { ...sum, key: sum.fingerprint, pid: most?.pid ?? 0, address, growth, bound: most?.holder.bound ?? null };
  });
}

function compare(a: ScreenRow, b: ScreenRow, sort: SortKey): number {
  switch (sort) {
    case "growth":
      return b.growth - a.growth;
    case "rate":
      return b.perSecond - a.perSecond;
    case "entries":
      return b.now - a.now;
    case "held":
      return b.heldBytes - a.heldBytes;
    case "path":
      return a.path.localeCompare(b.path, "en");
  }
}

/** Index of the selected row; 0 when it is gone. */
export function selectedIndex(rows: readonly ScreenRow[], { selected }: ScreenState): number {
  return Math.max(
    0,
    rows.findIndex(({ key }) => key === selected),
  );
}
