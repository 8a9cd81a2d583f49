// Commands that change caches, as the reporters get them.

import type { CacheCommandReport, CacheHistory, CacheHistoryEntry } from "../../src/model/cache-command.ts";

const OP = "1f0a3c2e-7d51-4a6b-9a55-0c6f0b6a2f11";
const HEAD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

export const clearOfPrices: CacheCommandReport = {
  schema: "deadweight/cache-command@1",
  action: "clear",
  app: "shop",
  selector: "ns:prices",
  share: 1,
  plan: HEAD,
  op: OP,
  outcome: "complete",
  receipts: [4711, 4712].map((pid) => ({
    pid,
    startTicks: 1000 + pid,
    state: "applied",
    because: "it reads the table that was written",
  })),
  setting: null,
  bill: null,
  guard: null,
  workerShare: 1,
  lostSlots: 0,
  canUndo: true,
  tookMs: 2.4,
  hitsBefore: { hits: 96_120, calls: 98_000, seconds: 3605 },
  hitsAfter: null,
  head: HEAD,
  auditFile: "/home/ann/.local/state/deadweight/caches/shop/audit.jsonl",
};

export const partialClear: CacheCommandReport = {
  ...clearOfPrices,
  share: 0.05,
  outcome: "partial",
  receipts: [
    ...clearOfPrices.receipts.slice(0, 1),
    { pid: 4712, startTicks: 7, state: "missing", because: "its memory map cannot be read by this user" },
    { pid: 4713, startTicks: 9, state: "ended", because: "it has ended, and its caches with it" },
  ],
  head: null,
};

export const dryRunOfPrices: CacheCommandReport = {
  ...clearOfPrices,
  op: null,
  outcome: null,
  hitsBefore: null,
  bill: {
    workers: [
      { pid: 4711, entries: 1024, retainedBytes: 3_194_880, reloadSeconds: 41.2 },
      { pid: 4712, entries: 998, retainedBytes: null, reloadSeconds: 39.9 },
    ],
    entries: 2022,
    retainedBytes: null,
    reloadSeconds: 81.1,
    because: ["What the caches of process 4712 keep could not be read."],
  },
  canUndo: false,
  tookMs: 0,
  head: null,
  auditFile: null,
};

export const resizeOfQuote: CacheCommandReport = {
  ...clearOfPrices,
  action: "resize",
  selector: "fn:shop.pricing.quote",
  setting: "keeps at most 500 entries now",
  canUndo: false,
  receipts: [
    { pid: 4711, startTicks: 5711, state: "applied", because: "it has obeyed" },
    { pid: 4712, startTicks: 5712, state: "armed", because: "it reads the table, and obeys at its next call" },
  ],
};

/** A canary that did harm. */
export const guardedClear: CacheCommandReport = {
  ...clearOfPrices,
  share: 0.05,
  outcome: "undone",
  canUndo: false,
  hitsAfter: { hits: 179, calls: 240, seconds: 3.25 },
  guard: {
    verdict: "broken",
    because: "A load took 412 ms on average, above 200 ms.",
    watchedSeconds: 3.25,
    calls: 240,
    loads: 61,
    rollBack: "77aa3c2e-7d51-4a6b-9a55-0c6f0b6a2f99",
  },
};

/** One that did none. */
export const canaryResize: CacheCommandReport = {
  ...clearOfPrices,
  action: "resize",
  selector: "fn:shop.pricing.quote",
  setting: "at most 500 entries, in a part of the processes",
  workerShare: 0.25,
  canUndo: false,
  guard: {
    verdict: "held",
    because: "Every limit was kept.",
    watchedSeconds: 60,
    calls: 24_000,
    loads: 610,
    rollBack: null,
  },
};

export const undoOfPrices: CacheCommandReport = { ...clearOfPrices, action: "undo", outcome: "undone", canUndo: false };

const ENTRY: CacheHistoryEntry = {
  op: OP,
  at: "2026-03-01T09:30:00.123Z",
  action: "clear",
  selector: "ns:prices",
  share: 1,
  setting: null,
  reason: "new price list",
  by: "ann (uid 1000) on web-3",
  outcome: "complete",
  applied: 48,
  missing: 0,
  tookMs: 9.1,
  hitsBefore: { hits: 96_120, calls: 98_000, seconds: 3605 },
  hitsAfter: { hits: 800, calls: 1000, seconds: 30 },
};

export const historyOfShop: CacheHistory = {
  schema: "deadweight/cache-history@1",
  app: "shop",
  auditFile: "/home/ann/.local/state/deadweight/caches/shop/audit.jsonl",
  commands: [
    ENTRY,
    { ...ENTRY, op: `2${OP.slice(1)}`, share: 0.05, outcome: "partial", applied: 47, missing: 1 },
    {
      ...ENTRY,
      op: `3${OP.slice(1)}`,
      action: "undo",
      outcome: null,
      applied: 0,
      tookMs: null,
      hitsBefore: null,
      hitsAfter: null,
    },
  ],
  lines: 5,
  head: HEAD,
  fault: null,
};

export const brokenHistory: CacheHistory = {
  ...historyOfShop,
  fault: { line: 3, because: "was changed after it was written: its hash does not fit it" },
};

export const historyOfNothing: CacheHistory = { ...historyOfShop, commands: [], lines: 0, head: null };
