// The file of a recording: SQLite in write-ahead mode, so that a replay and a diagnosis read it while the watch goes on
// (decision 0007). Every moment in it is in milliseconds of the recording's own clock, which does not jump.

import { existsSync } from "node:fs";
import type LibsqlDatabase from "libsql";
import { fail, ok, type Result } from "../../../base/result.ts";
import type { WatchProblem } from "../watch-session.ts";

export type HistoryDatabase = LibsqlDatabase.Database;

const FORM = "deadweight/history@1";

/** `held_bytes` is of the last snapshot. A point is written when a size changes, and once more before it does. */
const TABLES = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS process (
  id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, start_ticks INTEGER NOT NULL, python TEXT NOT NULL, command TEXT NOT NULL,
  folder TEXT, UNIQUE (pid, start_ticks));
CREATE TABLE IF NOT EXISTS sample (
  process INTEGER NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (process, at_ms)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holder (
  id INTEGER PRIMARY KEY, process INTEGER NOT NULL, address INTEGER NOT NULL, type_address INTEGER NOT NULL,
  gauge_kind TEXT NOT NULL, fingerprint TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL,
  bound INTEGER, held_bytes INTEGER NOT NULL, UNIQUE (process, address, type_address));
CREATE TABLE IF NOT EXISTS point (
  holder INTEGER NOT NULL, at_ms INTEGER NOT NULL, value INTEGER NOT NULL, hits INTEGER, misses INTEGER,
  PRIMARY KEY (holder, at_ms)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshot (pid INTEGER NOT NULL, at_ms INTEGER NOT NULL, file TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ending (process INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, how TEXT NOT NULL, oom_kill TEXT);
CREATE TABLE IF NOT EXISTS event (at_ms INTEGER NOT NULL, text TEXT NOT NULL);
`;

/** To write: made when it is not there, gone on with when it is. `mostBytes`: more than that the file never takes. */
export async function openToWrite(file: string, mostBytes: number): Promise<Result<HistoryDatabase, WatchProblem>> {
  return await opened(file, (database) => {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    database.pragma("busy_timeout = 2000");
    database.pragma(`max_page_count = ${Math.ceil(mostBytes / PAGE_BYTES)}`);
    database.exec(TABLES);
    database.prepare("INSERT OR IGNORE INTO meta VALUES ('form', ?), ('begun_ms', ?)").run(FORM, String(Date.now()));
  });
}

const PAGE_BYTES = 4096;

/** To read, also while it is written. */
export async function openToRead(file: string): Promise<Result<HistoryDatabase, WatchProblem>> {
  if (!existsSync(file))
    return fail({
      code: "no-recording",
      message: `There is no recording ${file}. \`deadweight watch --record\` makes one.`,
    });
  return await opened(file, () => undefined);
}

async function opened(
  file: string,
  prepare: (database: HistoryDatabase) => void,
): Promise<Result<HistoryDatabase, WatchProblem>> {
  let database: HistoryDatabase | null = null;
  try {
    const { default: Database } = await import("libsql");
    database = new Database(file);
    prepare(database);
    const form = metaOf(database, "form");
    if (form === FORM) return ok(database);
    database.close();
    return fail({
      code: "no-recording",
      message: `${file} is a recording in the form ${form}, and this version reads ${FORM}. Take a newer deadweight, or record into another file.`,
    });
  } catch (error) {
    database?.close();
    return fail({ code: "no-recording", message: `The recording ${file} cannot be used: ${wordsOf(error)}.` });
  }
}

export function metaOf(database: HistoryDatabase, key: string): string {
  const row = database.prepare("SELECT value FROM meta WHERE key = ?").get(key) as { value?: unknown } | undefined;
  return typeof row?.value === "string" ? row.value : "none";
}

/** In words of ours where the database's own say nothing. */
export function wordsOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "SQLITE_NOTADB") return "it is no recording; name another file";
  if (code === "SQLITE_FULL") return "the disk, or the room given to the recording, is full";
  const text = error instanceof Error ? error.message : String(error);
  return /Unable to open/.test(text) ? "it cannot be opened or created; does its folder exist, and is it yours?" : text;
}
