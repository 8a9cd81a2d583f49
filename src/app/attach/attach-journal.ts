// Who put code into which process, and when: one line per time in the user's own state folder. A journal that cannot be
// written is no reason to refuse; the caller says so.

import { appendFileSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { redactCommand } from "../../base/secrets.ts";
import { readCommand } from "../../capture/proc-command.ts";
import { openProcFs } from "../../capture/proc-fs.ts";

export interface JournalEntry {
  readonly did: "attach" | "detach";
  readonly pid: number;
  /** "ok" or the code of the error. */
  readonly outcome: string;
}

/** Where the journal is. */
export function journalPath(): string {
  const state = process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
  return join(state, "deadweight", "attach.jsonl");
}

/** Appends one line. False when it could not be written. */
export function writeJournal({ did, pid, outcome }: JournalEntry): boolean {
  const entry = {
    at: new Date().toISOString(),
    did,
    pid,
    outcome,
    command: redactCommand(readCommand(openProcFs(), pid)),
    byUser: process.geteuid?.() ?? null,
    byPid: process.pid,
  };
  try {
    mkdirSync(dirname(journalPath()), { recursive: true, mode: 0o700 });
    appendFileSync(journalPath(), `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
