// Advice on caches as the reporter gets it.

import type { CacheAdvice, CacheAdviceReport, CurvePoint } from "../../src/model/cache-advice.ts";

/** A curve that falls smoothly to `floor` at four times the bound. */
function smooth(bound: number, floor: number): CurvePoint[] {
  return Array.from({ length: 29 }, (_, at) => {
    const size = Math.round((bound / 32) * 2 ** (at / 4));
    return { size, missRatio: floor + (1 - floor) * Math.exp((-2 * size) / bound), band: size === bound ? 0 : 0.004 };
  });
}

const QUOTE: CacheAdvice = {
  name: "shop.pricing.quote",
  family: "functools.lru_cache",
  origin: "program",
  file: "/srv/shop/shop/pricing.py",
  line: 31,
  bound: { kind: "entries", entries: 1024 },
  workers: [
    { pid: 4711, entries: 1024, calls: 41_210, misses: 10_107 },
    { pid: 4712, entries: 1024, calls: 38_790, misses: 9513 },
  ],
  watchedSeconds: 60,
  calls: 80_000,
  missRatio: 0.2453,
  entryBytes: 3120,
  loadMs: 40,
  curve: smooth(1024, 0.126),
  verdict: "grow",
  offer: {
    size: 2435,
    missRatio: 0.1335,
    band: 0.004,
    bytes: 8_804_640,
    sparedLoad: 5.96,
    hourlySecondsPerMiB: 2556,
  },
  waste: null,
  knee: 1722,
  cliff: null,
  unbounded: "never",
  newKeysPerSecond: 3.4,
  because: [],
};

const ROUTES: CacheAdvice = {
  ...QUOTE,
  name: "shop.routing.route_for",
  file: "/srv/shop/shop/routing.py",
  line: 12,
  bound: { kind: "entries", entries: 4096 },
  workers: [{ pid: 4711, entries: 4096, calls: 20_000, misses: 1200 }],
  calls: 20_000,
  missRatio: 0.06,
  loadMs: null,
  curve: [
    { size: 256, missRatio: 0.93, band: 0.01 },
    { size: 512, missRatio: 0.92, band: 0.01 },
    { size: 609, missRatio: 0.06, band: 0.001 },
    { size: 1024, missRatio: 0.06, band: 0.001 },
    { size: 4096, missRatio: 0.06, band: 0 },
  ],
  verdict: "shrink",
  offer: { size: 609, missRatio: 0.06, band: 0.001, bytes: -10_879_440, sparedLoad: null, hourlySecondsPerMiB: null },
  waste: 609,
  knee: 609,
  cliff: { from: 512, to: 609, fromMissRatio: 0.92, toMissRatio: 0.06 },
  unbounded: "unknown",
  newKeysPerSecond: 0,
  because: [
    "To tell up to 16,384 entries it would have to be watched for about 13 min 20 s: as many misses have to be seen.",
  ],
};

const LOOKUP: CacheAdvice = {
  ...QUOTE,
  name: "shop.models.lookup",
  bound: { kind: "none" },
  workers: [{ pid: 4711, entries: 83_114, calls: 900, misses: 700 }],
  calls: 900,
  missRatio: 0.7778,
  loadMs: null,
  curve: [],
  verdict: "refused",
  offer: null,
  waste: null,
  knee: null,
  cliff: null,
  unbounded: "never",
  newKeysPerSecond: 11.7,
  because: [
    "Without a bound no order of use is kept, so how often its entries are used is not known. 700 new keys came in 1 min 0 s.",
  ],
};

export const adviceOfShop: CacheAdviceReport = {
  schema: "deadweight/cache-advice@1",
  pids: [4711, 4712],
  watchedSeconds: 60,
  readingShare: 0.043,
  caches: [QUOTE, ROUTES, LOOKUP],
  warnings: [],
};

export const adviceOfNothing: CacheAdviceReport = {
  schema: "deadweight/cache-advice@1",
  pids: [4711],
  watchedSeconds: 30,
  readingShare: 0,
  caches: [],
  warnings: ["process 4712 has exited"],
};
