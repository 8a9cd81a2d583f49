// Diagnoses as the reporters get them.

import type { Diagnosis, Leak } from "../../src/model/diagnosis.ts";
import type { SeriesVerdict } from "../../src/model/verdict.ts";
import { mib, REGISTRY } from "./example-holders.ts";

const GROWING: SeriesVerdict = {
  shape: "growing",
  isUnbroken: true,
  windowSeconds: 52,
  samples: 208,
  first: 82_110,
  last: 83_114,
  slope: 19.3,
  slopeLow: 18.8,
  slopeHigh: 19.9,
  perUnitOfLoad: 1,
  p: 0.0000004,
  because: ["It rose in each of 14 windows of 3.7 s, by 19.3 entries per second (99 % bounds 18.8 to 19.9)."],
  ruledOut: [
    { what: "load", because: "the requests per second stayed the same, and it rose by 1.0 with each of them" },
  ],
  wouldChange: "A fall in a longer watch would change this.",
};

const SESSIONS: Leak = {
  fingerprint: "a91f3c2e",
  cause: "L1",
  confidence: "proved",
  holder: { ...REGISTRY, file: "/srv/shop/sessions.py", line: 18 },
  sites: [{ file: "/srv/shop/sessions.py", line: 31, code: "REGISTRY[key] = Session(user)", how: "source" }],
  removals: [],
  leaked: {
    type: "Session",
    count: 83_114,
    countGrowth: 1_004,
    retainedBytes: mib(412),
    heldBytes: mib(432),
    bytesPerMinute: mib(6),
  },
  path: [
    {
      edge: "sys.modules",
      type: "dict",
      verdict: "expected",
      because: "",
      isFaulty: false,
      entries: 1_204,
      entriesGrowth: 0,
      address: "0x7f12a4c8e000",
    },
    {
      edge: "['shop.sessions']",
      type: "module",
      verdict: "expected",
      because: "an imported module stays as long as the process",
      isFaulty: false,
      entries: null,
      entriesGrowth: null,
      address: "0x7f12a4c8e100",
    },
    {
      edge: "global REGISTRY",
      type: "dict",
      verdict: "stuck",
      because: "it only ever grows, and nothing in the source takes anything out",
      isFaulty: true,
      entries: 83_114,
      entriesGrowth: 1_004,
      address: "0x7f12a4c8e350",
    },
  ],
  growth: GROWING,
  because: [
    ...GROWING.because,
    "shop.handlers.login, which answers requests, puts one in each time; nothing takes one out.",
    "It explains 97 % of the growth of the Python heap.",
  ],
  ruledOut: [
    ...GROWING.ruledOut,
    { what: "garbage", because: "all of it is reachable from a module, so a collection frees nothing" },
    { what: "fragmentation", because: "what the allocator keeps free stayed at 12 MiB" },
  ],
  fix: {
    text: "Take the session out when it ends, or keep it in a weakref.WeakValueDictionary.",
    patch:
      "--- a/shop/sessions.py\n+++ b/shop/sessions.py\n@@ -18,1 +18,1 @@\n-REGISTRY = {}\n+REGISTRY = weakref.WeakValueDictionary()\n",
  },
  known: null,
  history: {
    unit: "entries",
    points: Array.from({ length: 41 }, (_, at) => ({ atSeconds: at * 1.3, value: Math.round(82_110 + at * 25.1) })),
  },
};

export const diagnosisOfShop: Diagnosis = {
  schema: "deadweight/diagnosis@1",
  target: { pid: 4711, python: "3.11.7", command: ["python", "-m", "shop"], folder: "/srv", workers: [4711, 4712] },
  verdict: "leak",
  because: ["One place grows without end and explains 97 % of the growth of the Python heap."],
  leaks: [SESSIONS],
  dismissed: [],
  memory: {
    rssBytes: mib(812),
    pythonLiveBytes: mib(601),
    allocatorFreeBytes: mib(12),
    nativeBytes: mib(171),
    sharedBytes: mib(28),
  },
  forecast: { limitBytes: mib(2048), reachedInSeconds: 11_400 },
  window: { seconds: 60, samples: 240, snapshots: 7, pauseMs: [152, 150, 149, 151, 150, 153, 155], cpuSeconds: 21.4 },
  comparison: null,
  warnings: [],
};

export const diagnosisOfNothing: Diagnosis = {
  ...diagnosisOfShop,
  verdict: "warm-up",
  because: ["It grew by 40 MiB in the first 18 s and by nothing in the 42 s after."],
  leaks: [],
  dismissed: [{ holder: REGISTRY, growth: { ...GROWING, shape: "filling", because: ["It has a bound of 10,000."] } }],
  forecast: { limitBytes: null, reachedInSeconds: null },
};

const SESSIONS_MEASURED = {
  confidence: "proved",
  count: 83_114,
  heldBytes: mib(432),
  bytesPerMinute: mib(6),
  perUnitOfLoad: 1,
} as const;

/** After a fix that mended one of two, watched for a shorter time. */
export const diagnosisOfFixed: Diagnosis = {
  ...diagnosisOfNothing,
  comparison: {
    before: { pid: 4711, seconds: 60, verdict: "leak" },
    leaks: [
      { fingerprint: "a91f3c2e", path: REGISTRY.path, state: "gone", before: SESSIONS_MEASURED, after: null },
      {
        fingerprint: "77aa03b1",
        path: "shop.prices.quote.<lru_cache>",
        state: "still there",
        before: { ...SESSIONS_MEASURED, confidence: "likely", heldBytes: mib(3), bytesPerMinute: mib(1) },
        after: { ...SESSIONS_MEASURED, confidence: "possible", heldBytes: mib(2), bytesPerMinute: mib(0.9) },
      },
    ],
    doubts: ["It was watched for 20 s, before the fix for 60 s: watch it as long, with --for 60s."],
  },
};

/** Several leaks, none proved, one of a library. */
export const diagnosisOfSuspects: Diagnosis = {
  ...diagnosisOfShop,
  verdict: "suspect",
  leaks: [
    {
      ...SESSIONS,
      confidence: "likely",
      growth: { ...GROWING, wouldChange: "Watch 3 min more: five more windows that rise would prove it." },
      removals: [{ file: "/srv/shop/sessions.py", line: 61, code: "REGISTRY.pop(key, None)", how: "source" }],
      fix: null,
    },
    {
      ...SESSIONS,
      fingerprint: "77b0c1d2",
      cause: "L10",
      confidence: "possible",
      sites: [],
      known: {
        id: "uvicorn-1993",
        package: "uvicorn",
        installedVersion: "0.20.0",
        fixedIn: "0.21.0",
        url: "https://github.com/encode/uvicorn/issues/1993",
        summary: "Every connection adds a callback that is not removed.",
      },
    },
  ],
};

/** C code that nobody can name from outside. */
export const diagnosisOfNative: Diagnosis = {
  ...diagnosisOfShop,
  verdict: "native",
  because: ["Private memory grew by 120 MiB, live Python objects only by 2.0 KiB."],
  leaks: [
    {
      ...SESSIONS,
      fingerprint: "0c3f91ab",
      cause: "L16",
      confidence: "likely",
      holder: {
        path: "<native memory>",
        kind: "native",
        module: null,
        name: null,
        type: "native memory",
        file: null,
        line: null,
      },
      sites: [],
      path: [],
      leaked: {
        type: "native memory",
        count: 0,
        countGrowth: 0,
        retainedBytes: mib(171),
        heldBytes: mib(171),
        bytesPerMinute: mib(12),
      },
      because: ["Loaded C code that could own it, largest first: lxml.etree, PIL._imaging."],
      fix: { text: "Start it with MALLOC_ARENA_MAX=2 and watch again.", patch: null },
    },
  ],
};
