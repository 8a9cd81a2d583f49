// Watch reports as a session would give them: one process, and four workers of which one is out of line.

import type { WatchedCache, WatchedHolder, WatchedProcess, WatchReport } from "../../src/model/watch-report.ts";
import { sumHolders } from "../../src/watch/sum-holders.ts";

const MIB = 2 ** 20;

const SESSIONS: WatchedHolder = {
  fingerprint: "0000000000000001",
  path: "sys.modules['app.sessions'].REGISTRY",
  kind: "module-global",
  type: "dict",
  address: "0x7f12a4c8e350",
  unit: "entries",
  first: 81_110,
  now: 83_114,
  perSecond: 10.02,
  bound: null,
  heldBytes: 412 * MIB,
  shape: "growing",
  isProved: true,
};

const RECENT: WatchedHolder = {
  ...SESSIONS,
  fingerprint: "0000000000000002",
  path: "sys.modules['app.views'].RECENT",
  type: "collections.deque",
  address: "0x7f12a4c8f000",
  first: 120,
  now: 640,
  perSecond: 2.6,
  bound: 1000,
  heldBytes: 64_000,
  shape: "filling",
  isProved: false,
};

const PRICES: WatchedCache = {
  fingerprint: "0000000000000003",
  path: "app.prices.price",
  address: "0x7f12a4c90000",
  entries: 128,
  bound: 128,
  hits: 9120,
  misses: 3040,
};

export const shopProcess: WatchedProcess = {
  pid: 4711,
  python: "3.12.1",
  command: ["python", "-m", "shop.serve"],
  state: "running",
  seconds: 200,
  memory: {
    rssBytes: 530 * MIB,
    anonBytes: 500 * MIB,
    fileBytes: 28 * MIB,
    shmemBytes: 2 * MIB,
    swapBytes: 0,
    pssBytes: 512 * MIB,
    pythonBytes: 440 * MIB,
    allocatorFreeBytes: 12 * MIB,
  },
  group: {
    usageBytes: 560 * MIB,
    reclaimableBytes: 20 * MIB,
    limitBytes: 1024 * MIB,
    pressurePercent: 0,
  },
  verdict: "growing",
  because: ["Resident memory rose from 410 MiB to 530 MiB."],
  forecast: { limitBytes: 1024 * MIB, reachedInSeconds: 7500, soonestSeconds: 7000, latestSeconds: 8200 },
  threads: 12,
  descriptors: { files: 5, sockets: 20, pipes: 4, others: 5 },
  cpuShare: 0.12,
  collector: { isEnabled: true, collections: [1204, 109, 9], uncollectable: 0, pending: 432 },
  followed: 4332,
  holders: [SESSIONS, RECENT],
  caches: [PRICES],
  snapshots: 1,
};

function reportOf(processes: readonly WatchedProcess[], events: readonly string[]): WatchReport {
  const atMs = new Date(2026, 10, 21, 1, 30, 5).getTime();
  return { schema: "deadweight/watch@1", atMs, seconds: 200, processes, sums: sumHolders(processes), events };
}

export const watchOfShop: WatchReport = reportOf([shopProcess], []);

const worker = (pid: number, now: number): WatchedProcess => ({
  ...shopProcess,
  pid,
  holders: [{ ...SESSIONS, now, isProved: now > 20_000, perSecond: now / 8000 }],
});

export const watchOfWorkers: WatchReport = reportOf(
  [worker(4711, 2100), worker(4712, 83_114), worker(4713, 2200), worker(4714, 2050)],
  ["Process 4714 has come; it is watched from now on."],
);

export const watchOfLittle: WatchReport = reportOf(
  [
    {
      ...shopProcess,
      state: "stopped",
      memory: { ...shopProcess.memory, pssBytes: null, pythonBytes: null, allocatorFreeBytes: null },
      group: null,
      verdict: "steady",
      forecast: { limitBytes: null, reachedInSeconds: null, soonestSeconds: null, latestSeconds: null },
      descriptors: null,
      cpuShare: null,
      collector: null,
      holders: [],
      caches: [],
    },
  ],
  [],
);
