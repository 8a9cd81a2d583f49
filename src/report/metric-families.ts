// A watch as metrics: one table of what is exported, under which name and in which unit. OpenMetrics and OTLP are written
// from it, docs/metrics.md and the dashboard are checked against it.

import { PROCESS_VERDICTS } from "../model/diagnosis.ts";
import type { WatchedProcess, WatchReport } from "../model/watch-report.ts";

/** As OpenMetrics has them. A counter's samples are called NAME_total. */
export interface MetricFamily {
  readonly name: string;
  readonly type: "gauge" | "counter";
  /** The name ends with it; empty: a plain number. */
  readonly unit: "bytes" | "seconds" | "";
  readonly help: string;
}

export interface MetricPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface FilledFamily extends MetricFamily {
  readonly points: readonly MetricPoint[];
}

/** Which holders get labels: names of the program's places would otherwise be without a bound. */
export type HolderChoice = (fingerprint: string) => boolean;

interface Source extends MetricFamily {
  /** Of one process; its pid is added to the labels. */
  readonly of: (process: WatchedProcess, isChosen: HolderChoice) => readonly MetricPoint[];
}

const PREFIX = "deadweight_";

function gauge(name: string, unit: MetricFamily["unit"], help: string, of: Source["of"]): Source {
  return { name: PREFIX + name, type: "gauge", unit, help, of };
}
function counter(name: string, help: string, of: Source["of"]): Source {
  return { name: PREFIX + name, type: "counter", unit: "", help, of };
}
/** No point where nothing was measured. */
function point(value: number | null, labels: MetricPoint["labels"] = {}): MetricPoint[] {
  return value === null ? [] : [{ labels, value }];
}

const CACHE_TYPE = "functools._lru_cache_wrapper";

const SOURCES: readonly Source[] = [
  gauge("resident_memory_bytes", "bytes", "Resident memory by what it is: anon, file or shmem.", ({ memory }) => [
    ...point(memory.anonBytes, { kind: "anon" }),
    ...point(memory.fileBytes, { kind: "file" }),
    ...point(memory.shmemBytes, { kind: "shmem" }),
  ]),
  gauge("swapped_memory_bytes", "bytes", "Memory that is swapped out.", ({ memory }) => point(memory.swapBytes)),
  gauge(
    "proportional_memory_bytes",
    "bytes",
    "Resident memory with shared pages divided among their users (PSS).",
    ({ memory }) => point(memory.pssBytes),
  ),
  gauge("allocator_memory_bytes", "bytes", "Memory of Python's allocator by state: used or free.", ({ memory }) => [
    ...point(memory.pythonBytes, { state: "used" }),
    ...point(memory.allocatorFreeBytes, { state: "free" }),
  ]),
  gauge("group_memory_bytes", "bytes", "Memory of the control group that cannot be taken back.", ({ group }) =>
    point(group === null ? null : group.usageBytes - group.reclaimableBytes),
  ),
  gauge("group_memory_limit_bytes", "bytes", "Limit of the control group.", ({ group }) =>
    point(group?.limitBytes ?? null),
  ),
  gauge(
    "memory_pressure_percent",
    "",
    "Share of the last 10 s in which some task of the group waited for memory.",
    ({ group }) => point(group?.pressurePercent ?? null),
  ),
  gauge(
    "limit_reached_seconds",
    "seconds",
    "Time until the limit is reached if growth goes on; absent without growth.",
    ({ forecast }) => point(forecast.reachedInSeconds),
  ),
  gauge("process_verdict", "", "1 for the verdict on the process as a whole, 0 for the others.", ({ verdict }) =>
    PROCESS_VERDICTS.flatMap((each) => point(each === verdict ? 1 : 0, { verdict: each })),
  ),
  gauge("threads", "", "Threads.", ({ threads }) => point(threads)),
  gauge("descriptors", "", "Open descriptors by kind.", ({ descriptors }) =>
    descriptors === null ? [] : Object.entries(descriptors).flatMap(([kind, count]) => point(Number(count), { kind })),
  ),
  counter("collections", "Garbage collections by generation, since the process began.", ({ collector }) =>
    (collector?.collections ?? []).flatMap((count, generation) => point(count, { generation: String(generation) })),
  ),
  gauge("uncollectable_objects", "", "Objects that no collection could free.", ({ collector }) =>
    point(collector?.uncollectable ?? null),
  ),
  gauge("followed_containers", "", "Containers whose sizes are read.", ({ followed }) => point(followed)),
  gauge("holder_entries", "", "Entries of a holder.", (process, isChosen) => ofHolders(process, isChosen, "entries")),
  gauge("holder_size_bytes", "bytes", "Length of a bytearray or array.", (process, isChosen) =>
    ofHolders(process, isChosen, "bytes"),
  ),
  gauge("holder_held_bytes", "bytes", "What a holder held when the last snapshot was taken.", ({ holders }, isChosen) =>
    summed(holders.filter((each) => isChosen(each.fingerprint)).map((each) => [each.fingerprint, each.heldBytes])),
  ),
  gauge(
    "holder_growth_proved",
    "",
    "1 when a holder rose without a break and nothing bounds it.",
    ({ holders }, isChosen) =>
      holders
        .filter((each) => isChosen(each.fingerprint))
        .flatMap((each) => point(each.isProved ? 1 : 0, { holder: each.fingerprint })),
  ),
  gauge(
    "holder_info",
    "",
    "1; says which place and type a holder's fingerprint stands for.",
    ({ holders, caches }, isChosen) =>
      [...holders, ...caches.map((each) => ({ ...each, type: CACHE_TYPE }))]
        .filter((each) => isChosen(each.fingerprint))
        .flatMap(({ fingerprint, path, type }) => point(1, { holder: fingerprint, path, type })),
  ),
  counter("cache_hits", "Answers that an lru cache knew, since the watch began.", ({ caches }, isChosen) =>
    summed(caches.filter((each) => isChosen(each.fingerprint)).map((each) => [each.fingerprint, each.hits])),
  ),
  counter("cache_misses", "Answers that an lru cache did not know, since the watch began.", ({ caches }, isChosen) =>
    summed(caches.filter((each) => isChosen(each.fingerprint)).map((each) => [each.fingerprint, each.misses])),
  ),
];

export const METRICS: readonly MetricFamily[] = SOURCES;

function ofHolders({ holders }: WatchedProcess, isChosen: HolderChoice, unit: "entries" | "bytes"): MetricPoint[] {
  const chosen = holders.filter((each) => each.unit === unit && isChosen(each.fingerprint));
  return summed(chosen.map((each) => [each.fingerprint, each.now]));
}

/** Several containers of one name are one series. */
function summed(values: readonly (readonly [fingerprint: string, value: number])[]): MetricPoint[] {
  const sums = new Map<string, number>();
  for (const [holder, value] of values) sums.set(holder, (sums.get(holder) ?? 0) + value);
  return [...sums].map(([holder, value]) => ({ labels: { holder }, value }));
}

/** Families in the order of the table; those without a point are left out. Of points with the same labels the first counts. */
export function metricFamilies({ processes }: WatchReport, isChosen: HolderChoice): readonly FilledFamily[] {
  const running = processes.filter(({ state }) => state !== "ended");
  return SOURCES.flatMap(({ of, ...family }) => {
    const points = running.flatMap((process) => withPid(process, distinct(of(process, isChosen))));
    return points.length === 0 ? [] : [{ ...family, points }];
  });
}

function distinct(points: readonly MetricPoint[]): readonly MetricPoint[] {
  const seen = new Set<string>();
  return points.filter(({ labels }) => {
    // A place may have had another type before: one series all the same.
    const key = labels["holder"] ?? JSON.stringify(labels);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function withPid({ pid }: WatchedProcess, points: readonly MetricPoint[]): readonly MetricPoint[] {
  return points.map(({ labels, value }) => ({ labels: { pid: String(pid), ...labels }, value }));
}
