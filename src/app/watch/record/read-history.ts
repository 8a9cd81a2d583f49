// A recording, read back: everything in it is bounded by how it is thinned, so it fits into memory.

import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../../../base/result.ts";
import type { Addr, NodeIx } from "../../../base/brand.ts";
import type { Gauge, GaugeKind } from "../../../model/gauge.ts";
import type { HolderKind } from "../../../model/holder.ts";
import type { EndReason, OomKill } from "../../../model/process-end.ts";
import type { ProcessSample } from "../../../model/sample.ts";
import type { MeasuredSeries } from "../../../model/verdict.ts";
import type { GaugeName } from "../../../watch/watched-gauges.ts";
import type { WatchProblem } from "../watch-session.ts";
import { type HistoryDatabase, metaOf, openToRead, wordsOf } from "./history-database.ts";

/** A container over the time of the recording. */
export interface RecordedHolder {
  readonly gauge: Gauge;
  readonly name: GaugeName;
  readonly series: MeasuredSeries;
  /** As long as the series; null where it is no cache. */
  readonly hits: readonly (number | null)[];
  readonly misses: readonly (number | null)[];
}

export interface RecordedSnapshot {
  readonly pid: number;
  readonly atMs: number;
  readonly file: string;
  readonly why: string;
}

export interface RecordedProcess {
  readonly pid: number;
  readonly startTicks: number;
  readonly python: string;
  readonly command: readonly string[];
  readonly folder: string | null;
  /** At least one; on the recording's clock. */
  readonly samples: readonly ProcessSample[];
  readonly holders: readonly RecordedHolder[];
  /** Null while it runs, or when nobody was there to see. */
  readonly end: RecordedEnd | null;
}

/** When it was seen, on the recording's clock. */
export interface RecordedEnd {
  readonly atMs: number;
  readonly how: EndReason;
  readonly oomKill: OomKill | null;
}

export interface Recording {
  /** Milliseconds since 1970 at 0 of the recording's clock. */
  readonly begunMs: number;
  readonly processes: readonly RecordedProcess[];
  /** Oldest first. */
  readonly snapshots: readonly RecordedSnapshot[];
  readonly events: readonly { readonly atMs: number; readonly text: string }[];
}

export async function readHistory(file: string): Promise<Result<Recording, WatchProblem>> {
  const opened = await openToRead(file);
  if (!opened.ok) return opened;
  const database = opened.value;
  try {
    return ok({
      begunMs: Number(metaOf(database, "begun_ms")),
      processes: processesIn(database),
      snapshots: snapshotsIn(database).map((each) => ({ ...each, file: placeOf(each.file, dirname(file)) })),
      events: database.prepare("SELECT at_ms AS atMs, text FROM event ORDER BY at_ms").all() as {
        atMs: number;
        text: string;
      }[],
    });
  } catch (error) {
    return fail({ code: "no-recording", message: `The recording ${file} cannot be read: ${wordsOf(error)}.` });
  } finally {
    database.close();
  }
}

function snapshotsIn(database: HistoryDatabase): readonly RecordedSnapshot[] {
  const rows = database.prepare("SELECT pid, at_ms AS atMs, file, why FROM snapshot ORDER BY at_ms").all();
  return rows as RecordedSnapshot[];
}

/** Where it was written, or beside the recording, if both were brought here from another machine. */
function placeOf(file: string, folder: string): string {
  const [name, parent] = [basename(file), basename(dirname(file))];
  return [file, join(folder, parent, name), join(folder, name)].find((each) => existsSync(each)) ?? file;
}

interface ProcessRow {
  readonly id: number;
  readonly pid: number;
  readonly start_ticks: number;
  readonly python: string;
  readonly command: string;
  readonly folder: string | null;
}

function processesIn(database: HistoryDatabase): RecordedProcess[] {
  const rows = database.prepare("SELECT * FROM process ORDER BY pid").all() as ProcessRow[];
  return rows.flatMap(({ id, pid, start_ticks, python, command, folder }) => {
    const samples = samplesOf(database, id);
    if (samples.length === 0) return [];
    const holders = holdersOf(database, id);
    const end = endOf(database, id);
    return [{ pid, startTicks: start_ticks, python, command: JSON.parse(command), folder, samples, holders, end }];
  });
}

/** Recordings of earlier versions have no endings. */
function endOf(database: HistoryDatabase, process: number): RecordedEnd | null {
  if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'ending'").get() === undefined) return null;
  const row = database.prepare("SELECT at_ms, how, oom_kill FROM ending WHERE process = ?").get(process) as
    | { readonly at_ms: number; readonly how: EndReason; readonly oom_kill: OomKill | null }
    | undefined;
  return row === undefined ? null : { atMs: row.at_ms, how: row.how, oomKill: row.oom_kill };
}

function samplesOf(database: HistoryDatabase, process: number): ProcessSample[] {
  const rows = database.prepare("SELECT at_ms, body FROM sample WHERE process = ? ORDER BY at_ms").all(process);
  return (rows as { at_ms: number; body: string }[]).map(({ at_ms, body }) => ({
    ...(JSON.parse(body) as Omit<ProcessSample, "atMs">),
    atMs: at_ms,
  }));
}

interface HolderRow {
  readonly id: number;
  readonly address: number;
  readonly type_address: number;
  readonly gauge_kind: GaugeKind;
  readonly fingerprint: string;
  readonly path: string;
  readonly kind: HolderKind;
  readonly type: string;
  readonly bound: number | null;
  readonly held_bytes: number;
}

interface PointRow {
  readonly at_ms: number;
  readonly value: number;
  readonly hits: number | null;
  readonly misses: number | null;
}

function holdersOf(database: HistoryDatabase, process: number): RecordedHolder[] {
  const rows = database.prepare("SELECT * FROM holder WHERE process = ? ORDER BY id").all(process) as HolderRow[];
  const points = database.prepare("SELECT at_ms, value, hits, misses FROM point WHERE holder = ? ORDER BY at_ms");
  return rows.flatMap((row) => {
    const series = points.all(row.id) as PointRow[];
    const [first] = series;
    if (first === undefined) return [];
    return [
      {
        gauge: gaugeOf(row, first.value),
        name: {
          fingerprint: row.fingerprint,
          path: row.path,
          kind: row.kind,
          type: row.type,
          heldBytes: row.held_bytes,
        },
        series: { timesMs: series.map(({ at_ms }) => at_ms), values: series.map(({ value }) => value) },
        hits: series.map(({ hits }) => hits),
        misses: series.map(({ misses }) => misses),
      },
    ];
  });
}

/** Of no snapshot: places are found by address. */
function gaugeOf({ gauge_kind, address, type_address, bound }: HolderRow, entries: number): Gauge {
  return {
    kind: gauge_kind,
    address: address as Addr,
    typeAddress: type_address as Addr,
    node: 0 as NodeIx,
    entries,
    bound,
    boundAt: null,
  };
}
