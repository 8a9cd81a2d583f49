// The shared table of an application on this host, as the command sees it: it writes tokens with single 8-byte writes, which every
// process that has the file mapped reads at its next call.

import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, writeSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { openProcFs, type ProcFs } from "../../capture/proc-fs.ts";
import type { SlotChange } from "../../govern/audit-chain.ts";
import {
  type CacheFigures,
  FIGURES_AT,
  MEMBERS_AT,
  type Member,
  readFigures,
  readMembers,
  readSettings,
  type SettingRow,
  SETTINGS_AT,
  TABLE,
  TOTAL_BYTES,
  WORD_BYTES,
} from "../../govern/table-layout.ts";
import type { Receipt } from "../../model/cache-command.ts";
import { findMembers, type MembersFound } from "./find-members.ts";
import { isAlive } from "./member-life.ts";
import { slotOf } from "./slot-of.ts";

export interface SharedTable extends Disposable {
  readonly path: string;
  /** Processes that have joined and live, and those of which that cannot be known here. */
  members(): readonly Member[];
  /** What the caches of living processes have done. */
  figures(): readonly CacheFigures[];
  /** The settings of a function as they are; null: none were made. */
  setting(scope: string): SettingRow | null;
  /** Clears scopes: fresh tokens, twice; see SlotTable.renew in the Python package. */
  renew(scopes: readonly string[]): readonly SlotChange[];
  /** Changes the settings of a function; answers the sequence that members have applied when they have obeyed. Null: no room. */
  change(scope: string, change: SettingChange): number | null;
  /** Puts tokens back where nothing has changed since; answers the slots where something has. */
  restore(changes: readonly SlotChange[]): readonly number[];
  /** Whether a process reads this table. `isDryRun`: nothing was written to it. */
  receiptOf(member: Member, isDryRun?: boolean): Receipt;
}

/** What is not given stays. */
export type SettingChange = Partial<Pick<SettingRow, "maxsize" | "ttlMs" | "flags" | "workers">>;

/** Where an application's table lies; the Python package says the same. */
export function tablePath(app: string, environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment["DEADWEIGHT_CACHES"];
  const base = given === undefined || given === "" ? `/dev/shm/deadweight-${userInfo().uid}` : given;
  return join(base, app, "table");
}

/** A failure is a sentence. */
export function openSharedTable(path: string, proc: ProcFs = openProcFs()): Result<SharedTable, string> {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  } catch (error) {
    return fail(openingSentence(path, (error as NodeJS.ErrnoException).code ?? String(error)));
  }
  const problem = problemOf(fd, path);
  if (problem !== null) {
    closeSync(fd);
    return fail(problem);
  }
  return ok(tableOn(fd, path, proc));
}

function openingSentence(path: string, code: string): string {
  if (code === "ENOENT")
    return `There is no table at ${path}: no process of this application has called deadweight.join() since the machine started, or it runs with another DEADWEIGHT_CACHES or as another user.${applicationsWords(path)}`;
  if (code === "EACCES" || code === "EPERM")
    return `${path} belongs to another user. Run this as the user that the application runs as.`;
  return `${path} cannot be opened (${code}).`;
}

/** A mistyped name is seen beside the others. */
function applicationsWords(path: string): string {
  try {
    const names = readdirSync(dirname(dirname(path)));
    return names.length === 0 ? "" : ` There are tables of ${names.toSorted().slice(0, 8).join(", ")}.`;
  } catch {
    return "";
  }
}

function problemOf(fd: number, path: string): string | null {
  const head = Buffer.alloc(2 * WORD_BYTES);
  const isWhole = fstatSync(fd).size === TOTAL_BYTES && readSync(fd, head, 0, head.length, 0) === head.length;
  if (isWhole && head.readBigUInt64LE(0) === TABLE.magic && head.readBigUInt64LE(WORD_BYTES) === TABLE.version)
    return null;
  return `${path} is no table of this version of deadweight. The Python package and this command must be of one version.`;
}

function tableOn(fd: number, path: string, proc: ProcFs): SharedTable {
  const inode = fstatSync(fd).ino;
  const slotAt = (slot: number): number => (TABLE.headWords + slot) * WORD_BYTES;
  const read = (slot: number): Buffer => {
    const word = Buffer.alloc(WORD_BYTES);
    readSync(fd, word, 0, WORD_BYTES, slotAt(slot));
    return word;
  };
  const write = (slot: number, word: Buffer): void => {
    writeSync(fd, word, 0, WORD_BYTES, slotAt(slot));
  };
  const found = (): MembersFound => {
    const bytes = Buffer.alloc(TABLE.memberRows * TABLE.memberWords * WORD_BYTES);
    readSync(fd, bytes, 0, bytes.length, MEMBERS_AT * WORD_BYTES);
    return findMembers(proc, readMembers(bytes));
  };
  return {
    path,
    members: () => {
      const { alive, unseen } = found();
      return [...alive, ...unseen].toSorted((a, b) => a.pid - b.pid);
    },
    figures: () => figuresOf(fd, proc, found().alive),
    setting: (scope) => {
      const bytes = Buffer.alloc(TABLE.settingRows * TABLE.settingWords * WORD_BYTES);
      readSync(fd, bytes, 0, bytes.length, SETTINGS_AT * WORD_BYTES);
      return readSettings(bytes).find(({ slot }) => slot === slotOf(scope)) ?? null;
    },
    renew: (scopes) => {
      const slots = [...new Set(scopes.map(slotOf))].toSorted((a, b) => a - b);
      const before = slots.map((slot) => read(slot).toString("hex"));
      for (let pass = 0; pass < 2; pass++) {
        for (const slot of slots) write(slot, freshToken());
        write(0, freshToken());
      }
      return slots.map((slot, at) => ({ slot, before: before[at] ?? "", after: read(slot).toString("hex") }));
    },
    change: (scope, change) => {
      const sequence = changeSetting(fd, slotOf(scope), change);
      // Whoever obeys looks when this word has changed.
      if (sequence !== null) write(0, freshToken());
      return sequence;
    },
    restore: (changes) => {
      const lost = changes.filter(({ slot, after }) => read(slot).toString("hex") !== after);
      for (const change of changes) if (!lost.includes(change)) write(change.slot, Buffer.from(change.before, "hex"));
      write(0, freshToken());
      return lost.map(({ slot }) => slot);
    },
    receiptOf: (member, isDryRun = false) => receiptOf(proc, member, inode, isDryRun),
    [Symbol.dispose]: () => closeSync(fd),
  };
}

function figuresOf(fd: number, proc: ProcFs, alive: readonly Member[]): readonly CacheFigures[] {
  const bytes = Buffer.alloc(TABLE.figureRows * TABLE.figureWords * WORD_BYTES);
  readSync(fd, bytes, 0, bytes.length, FIGURES_AT * WORD_BYTES);
  const pids = new Map(alive.map(({ ownPid, startTicks, pid }) => [`${ownPid} ${startTicks}`, pid]));
  return readFigures(bytes).flatMap((row) => {
    const pid = pids.get(`${row.ownPid} ${row.startTicks}`) ?? (isAlive(proc, row) ? row.pid : null);
    return pid === null ? [] : [{ ...row, pid }];
  });
}

/** Null when there is no room for another function. */
function changeSetting(fd: number, slot: number, change: SettingChange): number | null {
  const bytes = Buffer.alloc(TABLE.settingRows * TABLE.settingWords * WORD_BYTES);
  readSync(fd, bytes, 0, bytes.length, SETTINGS_AT * WORD_BYTES);
  const rows = readSettings(bytes);
  const known = rows.findIndex((row) => row.slot === slot);
  const at = known < 0 ? rows.length : known;
  if (at >= TABLE.settingRows) return null;
  const { maxsize, ttlMs, flags, workers } = { maxsize: 0n, ttlMs: 0n, flags: 0n, workers: 0n, ...rows[at], ...change };
  const sequence = Math.max(0, ...rows.map((row) => row.sequence)) + 1;
  const word = (index: number, value: bigint): void => {
    const buffer = Buffer.alloc(WORD_BYTES);
    buffer.writeBigUInt64LE(value);
    writeSync(fd, buffer, 0, WORD_BYTES, (SETTINGS_AT + at * TABLE.settingWords + index) * WORD_BYTES);
  };
  word(2, maxsize);
  word(3, ttlMs);
  word(4, flags);
  word(5, workers);
  // It comes from no stream of a server.
  word(6, 0n);
  word(0, BigInt(sequence));
  // The slot last: a row with a slot is whole.
  word(1, BigInt(slot));
  return sequence;
}

function freshToken(): Buffer {
  const token = randomBytes(WORD_BYTES);
  return token.every((byte) => byte === 0) ? freshToken() : token;
}

const UNSEEN =
  "it has joined in a container (a namespace of pids) that cannot be seen from here, where this is its pid; run the command on the host, or in that container";
const NOT_MAPPED =
  "it does not read this table: it has left, or the table it had joined was removed. Start it anew to reach it again";

/** The kernel's own word: a process that has this file mapped reads what was written. */
function receiptOf(proc: ProcFs, member: Member, inode: number, isDryRun: boolean): Receipt {
  const { pid, startTicks, ownPid } = member;
  const ended: Receipt = { pid, startTicks, state: "ended", because: "it has ended, and its caches with it" };
  const { alive, unseen } = findMembers(proc, [{ ...member, pid: ownPid }]);
  if (unseen.length > 0) return { pid, startTicks, state: "missing", because: UNSEEN };
  if (alive.length === 0) return ended;
  const inContainer = pid === ownPid ? "" : `; it is pid ${ownPid} in its container`;
  const maps = proc.readText(`${pid}/maps`);
  // Fields: range, permissions, offset, device, inode, path.
  const isMapped = maps.ok && maps.value.split("\n").some((line) => line.split(/\s+/, 5)[4] === String(inode));
  if (isMapped)
    return {
      pid,
      startTicks,
      state: "applied",
      because: `it reads the table${isDryRun ? "" : " that was written"}${inContainer}`,
    };
  // It may have ended since. A process that is ending has given its memory back before it is a zombie.
  if ((maps.ok && maps.value === "") || !isAlive(proc, member)) return ended;
  return {
    pid,
    startTicks,
    state: "missing",
    because: `${maps.ok ? NOT_MAPPED : "its memory map cannot be read by this user"}${inContainer}`,
  };
}
