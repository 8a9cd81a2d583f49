// Writes a watch into a recording: every few seconds one sample of each process, and the sizes that changed.

import { resolve } from "node:path";
import { ok, type Result } from "../../../base/result.ts";
import type { Gauge } from "../../../model/gauge.ts";
import type { WatchedCache, WatchedHolder, WatchedProcess } from "../../../model/watch-report.ts";
import type { Outlet, RawProcess } from "../outlets.ts";
import type { RecordTarget, WatchProblem } from "../watch-session.ts";
import { type HistoryDatabase, metaOf, openToWrite, wordsOf } from "./history-database.ts";
import { thinHistory } from "./thin-history.ts";

export interface RecordOptions extends RecordTarget {
  /** Of the file; 512 MiB if not given. */
  readonly mostBytes?: number;
}

interface Recorder {
  readonly options: RecordOptions;
  /** The recording's clock at the moment when ours was 0. */
  readonly baseMs: number;
  readonly limits: { readonly keepMs: number; readonly mostBytes: number };
  /** Last point of each holder of the database. */
  readonly written: Map<number, Written>;
  /** By process and address. */
  readonly ids: Map<string, number>;
  /** Null after it failed: the watch goes on without. */
  database: HistoryDatabase | null;
  recordedMs: number;
  thinnedMs: number;
}

interface Written {
  readonly value: number;
  readonly hits: number | null;
  readonly atMs: number;
  /** When it was last seen to be so. */
  seenMs: number;
}

const DEFAULT_MOST_BYTES = 512 * 2 ** 20;
/** What thinning aims at leaves room for what comes until it is done again. */
const AIM = 0.8;
const DEFAULT_GAP_MS = 5000;
const THIN_EVERY_MS = 600_000;

/** Goes on with a recording that is there already, at the time that has passed since. */
export async function openRecorder(options: RecordOptions): Promise<Result<Outlet, WatchProblem>> {
  const mostBytes = options.mostBytes ?? DEFAULT_MOST_BYTES;
  const opened = await openToWrite(options.file, mostBytes);
  if (!opened.ok) return opened;
  const database = opened.value;
  const recorder: Recorder = {
    options,
    baseMs: clockOf(database) - performance.now(),
    limits: { keepMs: options.keepSeconds * 1000, mostBytes: mostBytes * AIM },
    written: new Map(),
    ids: new Map(),
    database,
    recordedMs: Number.NEGATIVE_INFINITY,
    thinnedMs: Number.NEGATIVE_INFINITY,
  };
  return ok({
    take: async (report, rawOf) => record(recorder, report.processes, report.events, rawOf),
    snapshotKept: (pid, file, why) =>
      guarded(recorder, (into) =>
        into.prepare("INSERT INTO snapshot VALUES (?, ?, ?, ?)").run(pid, nowMs(recorder), resolve(file), why),
      ),
    processEnded: (pid, startTicks, end) =>
      guarded(recorder, (into) => {
        const id = recorder.ids.get(`${pid} ${startTicks}`);
        if (id === undefined) return;
        into
          .prepare("INSERT OR REPLACE INTO ending VALUES (?, ?, ?, ?)")
          .run(id, nowMs(recorder), end.how, end.oomKill);
      }),
    close: async () => close(recorder),
  });
}

/** As the wall clock says, but never before what is recorded: it may have been set back. */
function clockOf(database: HistoryDatabase): number {
  const begunMs = Number(metaOf(database, "begun_ms"));
  const row = database.prepare("SELECT max(at_ms) AS at FROM sample").get() as { at: number | null };
  return Math.max(0, Date.now() - begunMs, (row.at ?? -1) + 1);
}

function nowMs({ baseMs }: Recorder): number {
  return Math.round(baseMs + performance.now());
}

/** The sentence when it fails, once. */
function guarded(recorder: Recorder, write: (database: HistoryDatabase) => unknown): readonly string[] {
  const { database, options } = recorder;
  if (database === null) return [];
  try {
    database.exec("BEGIN IMMEDIATE");
    write(database);
    database.exec("COMMIT");
    return [];
  } catch (error) {
    recorder.database = null;
    discard(database);
    return [
      `The recording stopped, the watch goes on: ${options.file} could not be written, since ${wordsOf(error)}. What was recorded before is kept.`,
    ];
  }
}

function discard(database: HistoryDatabase): void {
  try {
    if (database.inTransaction) database.exec("ROLLBACK");
    database.close();
  } catch {
    // It is closed as far as it can be; the file has everything up to the last commit.
  }
}

function record(
  recorder: Recorder,
  processes: readonly WatchedProcess[],
  events: readonly string[],
  rawOf: (pid: number) => RawProcess | null,
): readonly string[] {
  const now = nowMs(recorder);
  const isDue = now - recorder.recordedMs >= (recorder.options.gapMs ?? DEFAULT_GAP_MS);
  const isEnding = processes.some(({ state }) => state === "ended");
  if (!isDue && !isEnding && events.length === 0) return [];
  if (isDue) recorder.recordedMs = now;
  return guarded(recorder, (database) => {
    for (const text of events) database.prepare("INSERT INTO event VALUES (?, ?)").run(now, text);
    if (isDue || isEnding) for (const each of processes) recordProcess(recorder, database, each, rawOf(each.pid), now);
    if (now - recorder.thinnedMs < THIN_EVERY_MS) return;
    recorder.thinnedMs = now;
    thinHistory(database, now, recorder.limits);
    forgetDropped(recorder, database);
  });
}

/** Rows that went would be written to under their old numbers. */
function forgetDropped({ ids, written }: Recorder, database: HistoryDatabase): void {
  ids.clear();
  const rows = database.prepare("SELECT id FROM holder").all() as readonly { readonly id: number }[];
  const kept = new Set(rows.map(({ id }) => id));
  for (const row of written.keys()) if (!kept.has(row)) written.delete(row);
}

function recordProcess(
  recorder: Recorder,
  database: HistoryDatabase,
  process: WatchedProcess,
  raw: RawProcess | null,
  now: number,
): void {
  const sample = raw?.takeSample() ?? null;
  if (raw === null || sample === null) return;
  const id = processId(recorder, database, process, raw);
  const { atMs: _own, ...body } = sample;
  database.prepare("INSERT OR REPLACE INTO sample VALUES (?, ?, ?)").run(id, now, JSON.stringify(body));
  const counters = new Map(process.caches.map((cache) => [cache.address, cache]));
  for (const holder of process.holders) {
    const gauge = raw.gaugeAt(holder.address);
    if (gauge === null) continue;
    const row = holderId(recorder, database, id, holder, gauge);
    const beforeMs = Math.round(Math.max(now - DEFAULT_GAP_MS, now - process.seconds * 1000));
    writePoint(recorder, database, { row, now, beforeMs }, holder, counters.get(holder.address));
  }
}

function processId(recorder: Recorder, database: HistoryDatabase, process: WatchedProcess, raw: RawProcess): number {
  return idOf(recorder, `${process.pid} ${raw.startTicks}`, () => {
    const key = [process.pid, raw.startTicks];
    database
      .prepare("INSERT OR IGNORE INTO process VALUES (NULL, ?, ?, ?, ?, ?)")
      .run(...key, process.python, JSON.stringify(process.command), raw.folder);
    return database.prepare("SELECT id FROM process WHERE pid = ? AND start_ticks = ?").get(...key);
  });
}

function holderId(
  recorder: Recorder,
  database: HistoryDatabase,
  process: number,
  holder: WatchedHolder,
  gauge: Gauge,
): number {
  const { fingerprint, path, kind, type, bound, heldBytes } = holder;
  // A snapshot may have found a better name, and another size.
  return idOf(recorder, `${process} ${gauge.address} ${path} ${heldBytes}`, () => {
    const key = [process, gauge.address, gauge.typeAddress];
    database
      .prepare(
        "INSERT INTO holder VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, path = excluded.path, kind = excluded.kind, bound = excluded.bound, held_bytes = excluded.held_bytes",
      )
      .run(...key, gauge.kind, fingerprint, path, kind, type, bound, Math.round(heldBytes));
    return database.prepare("SELECT id FROM holder WHERE process = ? AND address = ? AND type_address = ?").get(...key);
  });
}

function idOf({ ids }: Recorder, key: string, make: () => unknown): number {
  const known = ids.get(key);
  if (known !== undefined) return known;
  const { id } = make() as { readonly id: number };
  ids.set(key, id);
  return id;
}

function writePoint(
  { written }: Recorder,
  database: HistoryDatabase,
  { row, now, beforeMs }: { readonly row: number; readonly now: number; readonly beforeMs: number },
  { now: value, first }: WatchedHolder,
  cache: WatchedCache | undefined,
): void {
  const [hits, misses] = cache === undefined ? [null, null] : [cache.hits, cache.misses];
  const before = written.get(row);
  if (before !== undefined && before.value === value && before.hits === hits) {
    before.seenMs = now;
    return;
  }
  const insert = database.prepare("INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?, ?)");
  // It is shown from its first change on; what it was before is known all the same.
  const none = cache === undefined ? null : 0;
  if (before === undefined) insert.run(row, beforeMs, first, none, none);
  else if (before.seenMs > before.atMs) insert.run(row, before.seenMs, before.value, before.hits, misses);
  insert.run(row, now, value, hits, misses);
  written.set(row, { value, hits, atMs: now, seenMs: now });
}

function close(recorder: Recorder): void {
  const { database, written } = recorder;
  if (database === null) return;
  // What did not change any more did not change until now.
  guarded(recorder, (into) => {
    const insert = into.prepare("INSERT OR IGNORE INTO point VALUES (?, ?, ?, ?, NULL)");
    for (const [row, { seenMs, atMs, value, hits }] of written) if (seenMs > atMs) insert.run(row, seenMs, value, hits);
  });
  // One file to copy or send, not three.
  if (recorder.database !== null) recorder.database.pragma("wal_checkpoint(TRUNCATE)");
  if (recorder.database !== null) discard(recorder.database);
  recorder.database = null;
}
