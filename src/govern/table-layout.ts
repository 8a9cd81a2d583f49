// The file that the processes of an application share on one host: tokens by slot, rows of members, rows of settings.
// The same as python/src/deadweight/_cache/layout.py, which a test compares. Words are little-endian, 64 bits.

export const TABLE = {
  magic: 0x31304257444b4c53n,
  version: 3n,
  headWords: 512,
  slotWords: 65_536,
  memberRows: 1024,
  memberWords: 8,
  settingRows: 1024,
  settingWords: 8,
  figureRows: 4096,
  figureWords: 20,
} as const;

export const WORD_BYTES = 8;
export const MEMBERS_AT: number = TABLE.headWords + TABLE.slotWords;
export const SETTINGS_AT: number = MEMBERS_AT + TABLE.memberRows * TABLE.memberWords;
export const FIGURES_AT: number = SETTINGS_AT + TABLE.settingRows * TABLE.settingWords;
export const TOTAL_BYTES: number = (FIGURES_AT + TABLE.figureRows * TABLE.figureWords) * WORD_BYTES;

/** Bits of a setting's flags. */
export const FROZEN = 1n;
/** In the words of a setting: no bound. Otherwise one more than the number; 0 for "as the program says". */
export const UNBOUNDED: bigint = 2n ** 63n;

/** One row of settings. */
export interface SettingRow {
  readonly sequence: number;
  /** Slot of the function; 0 for an empty row. */
  readonly slot: number;
  readonly maxsize: bigint;
  readonly ttlMs: bigint;
  readonly flags: bigint;
  /** Only processes whose rank is below it obey; 0n: all. */
  readonly workers: bigint;
}

/** Rows up to the first empty one. `bytes` begins at SETTINGS_AT. */
export function readSettings(bytes: Uint8Array): SettingRow[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: SettingRow[] = [];
  for (let row = 0; row < TABLE.settingRows; row++) {
    const word = (at: number): bigint => view.getBigUint64((row * TABLE.settingWords + at) * WORD_BYTES, true);
    if (word(1) === 0n) break;
    rows.push({
      sequence: Number(word(0)),
      slot: Number(word(1)),
      maxsize: word(2),
      ttlMs: word(3),
      flags: word(4),
      workers: word(5),
    });
  }
  return rows;
}

/** A process that has joined. With its start a pid names one process for ever. */
export interface Member {
  /** As it was found from here; in a row of the table the one that it has itself. */
  readonly pid: number;
  /** The pid that it has itself: another one in a container. */
  readonly ownPid: number;
  /** Inode of the namespace in which that is its pid; 0: not known. */
  readonly namespace: number;
  /** In clock ticks since boot. */
  readonly startTicks: number;
  /** Milliseconds since 1970. */
  readonly joinedMs: number;
  /** The last setting it has obeyed; 0 for none. */
  readonly appliedSequence: number;
}

/** Rows with a pid, in order. `bytes` begins at MEMBERS_AT. */
export function readMembers(bytes: Uint8Array): Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => Number(view.getBigUint64(at * WORD_BYTES, true));
  const members: Member[] = [];
  for (let row = 0; row < TABLE.memberRows && (row + 1) * TABLE.memberWords * WORD_BYTES <= bytes.length; row++) {
    const at = row * TABLE.memberWords;
    const pid = word(at);
    if (pid === 0) continue;
    members.push({
      pid,
      ownPid: pid,
      startTicks: word(at + 1),
      joinedMs: word(at + 2),
      appliedSequence: word(at + 3),
      namespace: word(at + 5),
    });
  }
  return members;
}

/** What one cache of one process has done. Hits since its last load are not in it yet. */
export interface CacheFigures {
  /** As Member has them. */
  readonly pid: number;
  readonly ownPid: number;
  readonly startTicks: number;
  /** Slots of function, namespace, and namespace in its version; 0 for none. */
  readonly slots: readonly number[];
  readonly hits: number;
  readonly loads: number;
  readonly loadMs: number;
  readonly errors: number;
  readonly entries: number;
  /** Null where the cache counts none. */
  readonly bytes: number | null;
  /** How often it has seen that something was changed from outside, and what the counters said at the last time. */
  readonly changesSeen: number;
  readonly before: Pick<CacheFigures, "hits" | "loads" | "loadMs" | "errors">;
  /** When that was, ms since 1970: before the first change, when the cache came. */
  readonly markedMs: number;
}

/** Rows with a pid. `bytes` begins at FIGURES_AT. */
export function readFigures(bytes: Uint8Array): CacheFigures[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => Number(view.getBigUint64(at * WORD_BYTES, true));
  const rows: CacheFigures[] = [];
  for (let row = 0; row < TABLE.figureRows && (row + 1) * TABLE.figureWords * WORD_BYTES <= bytes.length; row++) {
    const at = row * TABLE.figureWords;
    const pid = word(at);
    if (pid === 0) continue;
    rows.push({
      pid,
      ownPid: pid,
      startTicks: word(at + 1),
      slots: [word(at + 2), word(at + 3), word(at + 4)],
      hits: word(at + 5),
      loads: word(at + 6),
      loadMs: word(at + 7) / 1e6,
      errors: word(at + 8),
      entries: word(at + 9),
      bytes: word(at + 10) === 0 ? null : word(at + 10) - 1,
      changesSeen: word(at + 11),
      before: { hits: word(at + 12), loads: word(at + 13), loadMs: word(at + 14) / 1e6, errors: word(at + 15) },
      markedMs: word(at + 16),
    });
  }
  return rows;
}

const RANKS = 2n ** 32n;

/** A number that a process keeps for its life; the Python package says the same. */
export function workerRank({ ownPid, startTicks }: Pick<Member, "ownPid" | "startTicks">): bigint {
  return (BigInt(ownPid) * 0x9e3779b1n + BigInt(startTicks) * 0x85ebca6bn) % RANKS;
}

/** The word for a share of the workers, at least one. Sticky: a larger share contains every smaller one. 0n: all. */
export function workersWord(members: readonly Pick<Member, "ownPid" | "startTicks">[], share: number): bigint {
  const ranks = members.map(workerRank).toSorted((a, b) => (a < b ? -1 : 1));
  const last = ranks[Math.max(1, Math.round(share * ranks.length)) - 1];
  return share === 1 || last === undefined ? 0n : last + 1n;
}
