// Cache inventories as the reporter gets them.

import type { CacheInventory, CacheSummary, WorkerCache } from "../../src/model/cache-inventory.ts";
import { aHolder, mib, PRICES } from "./example-holders.ts";

const WINDOW = { seconds: 5, hits: 120, misses: 880, growth: 870 };

function worker(pid: number, share: number): WorkerCache {
  return {
    pid,
    entries: Math.round(41_557 * share),
    hits: Math.round(10_000 * share),
    misses: Math.round(83_114 * share),
    retainedBytes: Math.round(mib(256) * share),
    sharedBytes: Math.round(mib(24) * share),
    loads: null,
    window: WINDOW,
  };
}

const QUOTES: CacheSummary = {
  name: "shop.pricing.price_for",
  family: "functools.lru_cache",
  origin: "program",
  copies: 2,
  holder: PRICES,
  file: "/srv/shop/shop/pricing.py",
  line: 31,
  bound: { kind: "none" },
  entries: 83_114,
  hits: 20_000,
  misses: 166_228,
  retainedBytes: mib(512),
  sharedBytes: mib(48),
  loads: null,
  window: { seconds: 5, hits: 240, misses: 1760, growth: 1740 },
  keys: {
    looked: 83_114,
    spellings: [
      { types: "(str, float)", entries: 83_000 },
      { types: "(str, name=float)", entries: 114 },
    ],
    hazards: [
      {
        kind: "identity",
        entries: 83_000,
        because: "shop.models.Basket defines no __eq__, so that only the very same object is found again.",
      },
    ],
  },
  declared: null,
  notes: [],
  workers: [worker(4711, 1), worker(4712, 1)],
};

const SESSIONS: CacheSummary = {
  name: "shop.web.CLIENTS[*].cache",
  family: "cachetools",
  origin: "library",
  copies: 40,
  holder: aHolder("sys.modules['shop.web'].CLIENTS[3].cache", "instance-attribute", "cachetools.TTLCache", "shop.web"),
  file: "/srv/shop/shop/web.py",
  line: null,
  bound: { kind: "entries", entries: 300 },
  entries: 1_200,
  hits: null,
  misses: null,
  retainedBytes: mib(1.5),
  sharedBytes: 0,
  loads: null,
  window: { seconds: 5, hits: null, misses: null, growth: 0 },
  keys: { looked: 1_200, spellings: [{ types: "str", entries: 1_200 }], hazards: [] },
  declared: null,
  notes: [],
  workers: [
    {
      pid: 4711,
      entries: 1_200,
      hits: null,
      misses: null,
      retainedBytes: mib(1.5),
      sharedBytes: 0,
      loads: null,
      window: null,
    },
  ],
};

const TYPING: CacheSummary = {
  ...SESSIONS,
  name: "typing._SpecialForm.__getitem__",
  family: "functools.lru_cache",
  origin: "standard",
  copies: 2,
  file: "/usr/lib/python3.11/typing.py",
  line: 486,
  bound: { kind: "entries", entries: 128 },
  entries: 128,
  hits: 0,
  misses: 0,
  retainedBytes: 23_961,
};

const NATIVE: CacheSummary = {
  ...SESSIONS,
  name: "shop.rates.BOX",
  family: "cachebox",
  copies: 1,
  bound: { kind: "unknown" },
  entries: null,
  keys: null,
  retainedBytes: 40,
  notes: ["Its entries lie in native memory; they are counted under what native code keeps."],
};

/** Kept by deadweight.cached, which measures its loads. */
export const GOVERNED: CacheSummary = {
  ...QUOTES,
  name: "shop.pricing.Rates.rate",
  family: "deadweight.cached",
  bound: { kind: "entries", entries: 50_000 },
  loads: { count: 166_228, seconds: 3_990, errors: 12 },
  keys: { looked: 83_114, spellings: [{ types: "(self, str)", entries: 83_114 }], hazards: [] },
  declared: { namespace: "prices", version: "2", tags: ["symbol:{symbol}", "*"], ttlSeconds: 90.5, maxBytes: mib(300) },
  notes: ["`deadweight caches clear` reaches it in all processes that have joined."],
};

export const cachesOfShop: CacheInventory = {
  schema: "deadweight/caches@1",
  processes: [
    { pid: 4711, python: "3.11.7", pauseMs: 41, liveBytes: mib(700) },
    { pid: 4712, python: "3.11.7", pauseMs: 38, liveBytes: mib(690) },
  ],
  windowSeconds: 5,
  caches: [QUOTES, SESSIONS, TYPING, NATIVE],
  warnings: ["Process 4713 ended while it was read."],
};

export const cachesOfFile: CacheInventory = {
  ...cachesOfShop,
  processes: [{ pid: null, python: "3.11.7", pauseMs: null, liveBytes: mib(700) }],
  windowSeconds: null,
  caches: [QUOTES, SESSIONS].map((cache) => ({
    ...cache,
    window: null,
    workers: cache.workers.slice(0, 1).map((each) => ({ ...each, pid: null, window: null })),
  })),
  warnings: [],
};

export const cachesOfNothing: CacheInventory = { ...cachesOfFile, caches: [] };
