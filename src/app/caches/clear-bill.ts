// The bill of a command before it is given: how many entries go, in which workers, what they keep, and how long it takes to load them again.

import { slotOf } from "./slot-of.ts";
import { listCaches, type CachesAsked } from "./list-caches.ts";
import { countOf } from "../../base/format-count.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { type CacheSelector, scopeOf } from "../../govern/selector.ts";
import type { CacheFigures } from "../../govern/table-layout.ts";
import type { BilledWorker, CacheBill } from "../../model/cache-command.ts";
import type { CacheInventory, CacheSummary } from "../../model/cache-inventory.ts";

/** Of one command over caches of `deadweight.cached`. */
export interface Billed {
  readonly selector: CacheSelector;
  /** Part of the keys. */
  readonly share: number;
  /** Living processes that have joined. */
  readonly pids: readonly number[];
  /** What their caches have done. */
  readonly figures: readonly CacheFigures[];
  /** Entries of one cache that would go. */
  readonly goingOf: (entries: number) => number;
}

/** Each process stands still once, for its bytes; those that cannot be read have none on the bill. */
export async function billOf(billed: Billed): Promise<CacheBill> {
  const { selector, share, pids, figures, goingOf } = billed;
  if (selector.kind === "tag")
    return { ...EMPTY, because: ["Which entries have a tag is known to the processes only, so a tag has no bill."] };
  const concerned = figures.filter(({ slots }) => slots.includes(slotOf(scopeOf(selector))));
  const functions = new Set(concerned.map(({ slots }) => slots[0]));
  const workers: BilledWorker[] = [];
  const because: string[] = [];
  for (const pid of pids) {
    const own = concerned.filter((row) => row.pid === pid);
    const entries = own.reduce((sum, row) => sum + goingOf(row.entries) * share, 0);
    const all = own.reduce((sum, row) => sum + row.entries, 0);
    const read = own.length === 0 ? null : await inventoryOf(pid);
    const retained = read === null ? null : retainedIn(read, (name) => functions.has(slotOf(`fn:${name}`)));
    if (own.length > 0 && retained === null) because.push(`What the caches of process ${pid} keep could not be read.`);
    workers.push({
      pid,
      entries: Math.round(entries),
      retainedBytes:
        own.length === 0 ? 0 : retained === null || all === 0 ? retained : Math.round((retained * entries) / all),
      reloadSeconds: reloadSecondsOf(own, entries),
    });
  }
  if (concerned.length === 0) because.push("No cache of it has loaded anything in a process that lives.");
  return { ...summed(workers), because: [...because, ...shareWords(share)] };
}

const EMPTY: CacheBill = { workers: [], entries: null, retainedBytes: null, reloadSeconds: null, because: [] };

function shareWords(share: number): string[] {
  return share === 1 ? [] : ["Entries are taken to be spread evenly over the slices of the keys."];
}

/** With the mean time of its loads so far; null where nothing was ever loaded. */
function reloadSecondsOf(rows: readonly CacheFigures[], entries: number): number | null {
  const loads = rows.reduce((sum, row) => sum + row.loads, 0);
  const loadMs = rows.reduce((sum, row) => sum + row.loadMs, 0);
  if (entries === 0) return 0;
  return loads === 0 ? null : ((loadMs / loads) * entries) / 1000;
}

function summed(workers: readonly BilledWorker[]): Omit<CacheBill, "because"> {
  const total = (of: (worker: BilledWorker) => number | null): number | null =>
    workers.map(of).reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0);
  return {
    workers,
    entries: total(({ entries }) => entries),
    retainedBytes: total(({ retainedBytes }) => retainedBytes),
    reloadSeconds: total(({ reloadSeconds }) => reloadSeconds),
  };
}

function retainedIn({ caches }: CacheInventory, isMeant: (name: string) => boolean): number | null {
  const found = caches.filter(({ family, name }) => family === "deadweight.cached" && isMeant(name));
  return found.length === 0 ? null : found.reduce((sum, { retainedBytes }) => sum + retainedBytes, 0);
}

const MAX_PAUSE_MS = 5000;

async function inventoryOf(pid: number): Promise<CacheInventory | null> {
  const read = await listCaches({
    ...READING,
    source: String(pid),
    isAlone: true,
    signal: new AbortController().signal,
  });
  return read.ok ? read.value : null;
}

const READING = { forSeconds: 0, maxPauseMs: MAX_PAUSE_MS, progress: () => {} } as const;

/** The bill of clearing a functools.lru_cache that nobody prepared: read from the heaps. How long its loads take nobody knows. */
export async function billOfFunction(
  source: CachesAsked["source"],
  name: string,
  signal: AbortSignal,
): Promise<Result<CacheBill, string>> {
  const read = await listCaches({ ...READING, source, isAlone: false, signal });
  if (!read.ok) return fail(read.error.message);
  const caches = read.value.caches.filter((cache) => cache.name === name && cache.family === "functools.lru_cache");
  if (caches.length === 0) return fail(`There is no lru_cache ${name} here; \`deadweight caches\` lists them.`);
  const workers = read.value.processes.map(({ pid }) => billedIn(pid ?? 0, caches));
  const because = [
    `How long its loads take is not known: ${countOf(workers.length, "worker")} would have to load again what is asked for.`,
  ];
  return ok({ ...summed(workers), because });
}

function billedIn(pid: number, caches: readonly CacheSummary[]): BilledWorker {
  const own = caches.flatMap(({ workers }) => workers.filter((worker) => worker.pid === pid));
  return {
    pid,
    entries: own.reduce((sum, { entries }) => sum + (entries ?? 0), 0),
    retainedBytes: own.reduce((sum, { retainedBytes }) => sum + retainedBytes, 0),
    reloadSeconds: null,
  };
}
