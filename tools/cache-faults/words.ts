// The words that the harness and its workers share; workers.py says the same.

import { closeSync, openSync, readSync, writeFileSync, writeSync } from "node:fs";

const BYTES = 8192;
const KEYS = 16;
const SLOTS = 64;
const AT = {
  truth: 16,
  floor: 64,
  underWay: 128,
  calls: 192,
  violations: 256,
  loads: 320,
  pids: 384,
  late: 448,
  faults: 512,
  errors: 576,
} as const;

/** What is told to the workers. skew: wall clock; 0 true, 1 an hour ahead, 2 an hour behind. hangMs: loads of the last key. pauseUs: after each call. */
const ORDERS = { over: 0, skew: 1, loadUs: 2, forks: 3, hangMs: 4, pauseUs: 5 } as const;

export interface Counts {
  readonly calls: number;
  readonly loads: number;
  readonly violations: number;
  /** Loads that read the truth before it changed and ended after it. */
  readonly late: number;
  /** Those that workers make themselves: forks in the middle of loads, loads that hung over a clear. */
  readonly faults: number;
  /** Calls that raised something; no loader does. */
  readonly errors: number;
}

export interface Words extends Disposable {
  readonly path: string;
  order(word: keyof typeof ORDERS, value: number): void;
  /** Of one key, or of all. */
  setTruth(version: number, key: number | null): void;
  /** No answer of a call that begins from now on may be older. */
  setFloor(version: number, key: number | null): void;
  counts(): Counts;
  loadsUnderWay(): number;
  /** Of workers that have begun, dead ones among them until they are replaced. */
  pids(): readonly number[];
}

export function makeWords(path: string): Words {
  writeFileSync(path, Buffer.alloc(BYTES));
  const fd = openSync(path, "r+");
  const set = (word: number, value: number): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    writeSync(fd, bytes, 0, 8, word * 8);
  };
  const row = (at: number): number[] => {
    const bytes = Buffer.alloc(SLOTS * 8);
    readSync(fd, bytes, 0, bytes.length, at * 8);
    return Array.from({ length: SLOTS }, (_, slot) => Number(bytes.readBigUInt64LE(slot * 8)));
  };
  const sum = (at: number): number => row(at).reduce((total, each) => total + each, 0);
  const setKeys = (at: number, version: number, key: number | null): void => {
    for (let each = 0; each < KEYS; each++) if (key === null || key === each) set(at + each, version);
  };
  return {
    path,
    order: (word, value) => set(ORDERS[word], value),
    setTruth: (version, key) => setKeys(AT.truth, version, key),
    setFloor: (version, key) => setKeys(AT.floor, version, key),
    counts: () => ({
      calls: sum(AT.calls),
      loads: sum(AT.loads),
      violations: sum(AT.violations),
      late: sum(AT.late),
      faults: sum(AT.faults),
      errors: sum(AT.errors),
    }),
    loadsUnderWay: () => sum(AT.underWay),
    pids: () => row(AT.pids).filter((pid) => pid > 0),
    [Symbol.dispose]: () => closeSync(fd),
  };
}
