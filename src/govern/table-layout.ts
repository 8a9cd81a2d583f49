// The file that the processes of an application share on one host: tokens by slot, rows of members, rows of settings.
// The same as python/src/deadweight/_cache/layout.py, which a test compares. Words are little-endian, 64 bits.

export const TABLE = {
  magic: 0x31304257444b4c53n,
  version: 1n,
  headWords: 512,
  slotWords: 65_536,
  memberRows: 1024,
  memberWords: 8,
  settingRows: 1024,
  settingWords: 8,
} as const;

export const WORD_BYTES = 8;
export const MEMBERS_AT: number = TABLE.headWords + TABLE.slotWords;
export const SETTINGS_AT: number = MEMBERS_AT + TABLE.memberRows * TABLE.memberWords;
export const TOTAL_BYTES: number = (SETTINGS_AT + TABLE.settingRows * TABLE.settingWords) * WORD_BYTES;

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
}

/** Rows up to the first empty one. `bytes` begins at SETTINGS_AT. */
export function readSettings(bytes: Uint8Array): SettingRow[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: SettingRow[] = [];
  for (let row = 0; row < TABLE.settingRows; row++) {
    const word = (at: number): bigint => view.getBigUint64((row * TABLE.settingWords + at) * WORD_BYTES, true);
    if (word(1) === 0n) break;
    rows.push({ sequence: Number(word(0)), slot: Number(word(1)), maxsize: word(2), ttlMs: word(3), flags: word(4) });
  }
  return rows;
}

/** A process that has joined. With its start a pid names one process for ever. */
export interface Member {
  readonly pid: number;
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
    if (pid > 0) members.push({ pid, startTicks: word(at + 1), joinedMs: word(at + 2), appliedSequence: word(at + 3) });
  }
  return members;
}
