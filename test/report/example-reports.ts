// Reports of one imaginary evening: a Flask shop whose sessions are never dropped, and a Celery worker beside it.

import type { HolderUsage, SnapshotReport, TopReport, WhyReport, WhySubject } from "../../src/model/heap-reports.ts";
import type { Holder, PathStep } from "../../src/model/holder.ts";
import type { CollectorFacts } from "../../src/model/snapshot-meta.ts";
import { HANDLER, JAPANESE, MIB, mib, PRICES, REGISTRY, ROWS, SCHEMAS, step, TO_REGISTRY } from "./example-holders.ts";

function usage(
  holder: Holder,
  count: number,
  retainedBytes: number,
  entries: number | null,
  mostly: HolderUsage["mostly"],
): HolderUsage {
  return {
    holder,
    count,
    shallowBytes: Math.round(retainedBytes * 0.31),
    retainedBytes,
    sharedBytes: 0,
    heldBytes: retainedBytes,
    share: retainedBytes / mib(607),
    entries,
    mostly,
  };
}

const COLLECTOR: CollectorFacts = {
  enabled: true,
  collecting: false,
  generations: [
    { objects: 412, threshold: 700, count: 412, collections: 18_204, collected: 90_113, uncollectable: 0 },
    { objects: 3_120, threshold: 10, count: 4, collections: 1_654, collected: 22_010, uncollectable: 0 },
    { objects: 1_804_332, threshold: 10, count: 7, collections: 31, collected: 1_204, uncollectable: 0 },
  ],
  permanentObjects: 0,
};

export const snapshotOfShop: SnapshotReport = {
  schema: "deadweight/snapshot@1",
  way: "outside",
  python: "3.11.7",
  nodes: 5_912_044,
  edges: 14_202_118,
  liveBytes: mib(607),
  copiedBytes: mib(641),
  pauseMs: 168.4,
  exactness: 0.99974,
  collecting: false,
  threads: 9,
  file: "deadweight-4711-20261121-013000.dwsnap",
  fileBytes: mib(38.2),
  warnings: [],
};

export const snapshotOfCore: SnapshotReport = {
  ...snapshotOfShop,
  pauseMs: null,
  collecting: true,
  threads: 1,
  file: "/var/crash/core shop.dwsnap",
  exactness: 0.9871,
  warnings: ["12 pages of the core file are missing; what they held is not in the graph."],
};

export const topOfShop: TopReport = {
  schema: "deadweight/top@1",
  python: "3.11.7",
  pid: 4711,
  nodes: 5_912_044,
  liveBytes: mib(607),
  exactness: 0.99974,
  pauseMs: 171.4,
  byHolder: [
    usage(REGISTRY, 2_493_420, mib(432), 83_114, { type: "shop.sessions.Session", count: 83_114 }),
    usage(PRICES, 21_012, mib(61.5), 7_000, { type: "decimal.Decimal", count: 14_000 }),
    usage(HANDLER, 40_001, mib(18.2), 40_000, { type: "tuple", count: 40_000 }),
    {
      ...usage(SCHEMAS, 9_204, mib(7.4), 118, { type: "str", count: 8_800 }),
      retainedBytes: mib(5.3),
      sharedBytes: mib(2.1),
    },
    usage(ROWS, 1_200, 812 * 1024, 1_199, { type: "dict", count: 1_199 }),
    usage(JAPANESE, 44, 12 * 1024, 21, null),
  ],
  byType: [
    { name: "dict", count: 402_118, shallowBytes: mib(139.4), retainedBytes: mib(470) },
    { name: "str", count: 1_204_220, shallowBytes: mib(96.1), retainedBytes: mib(96.1) },
    { name: "numpy.ndarray", count: 12, shallowBytes: mib(24), retainedBytes: mib(24) },
    { name: "shop.sessions.Session", count: 83_120, shallowBytes: mib(4.4), retainedBytes: mib(428) },
  ],
  byModule: [
    { name: "shop.sessions", count: 2_493_511, shallowBytes: mib(133), retainedBytes: mib(432.1) },
    { name: "shop.pricing", count: 21_140, shallowBytes: mib(19), retainedBytes: mib(61.6) },
  ],
  garbage: { count: 0, shallowBytes: 0, groups: [] },
  native: { objects: 0, retainedBytes: 0, heldBytes: 0 },
  collector: COLLECTOR,
  warnings: [],
};

export const topOfWorker: TopReport = {
  ...topOfShop,
  python: "3.13.1",
  pid: null,
  byHolder: [],
  byModule: [],
  garbage: {
    count: 12_408,
    shallowBytes: mib(3.1),
    groups: [
      { types: "celery.app.task.Context, dict", cycles: 1_204, count: 9_632, shallowBytes: mib(2.4) },
      { types: "str", cycles: 0, count: 25, shallowBytes: 1_434 },
      { types: "traceback, frame, KeyError", cycles: 1, count: 14, shallowBytes: 5_120 },
    ],
  },
  native: { objects: 312, retainedBytes: mib(12.1), heldBytes: mib(12.1) },
  collector: { ...COLLECTOR, enabled: false, permanentObjects: 48_113 },
  warnings: ["A collection was running when the process was stopped; its lists were read twice and agreed."],
};

const TO_SESSION: readonly PathStep[] = [...TO_REGISTRY, step("['k17']", "shop.sessions.Session", 5_426)];

const SESSION: WhySubject = {
  type: "shop.sessions.Session",
  address: "0x7f12a4c8e350",
  shallowBytes: 56,
  retainedBytes: 5_426,
  sharedBytes: 0,
  heldBytes: 5_426,
  entries: null,
  nativeReferences: 0,
  paths: [
    { path: "sys.modules['shop.sessions'].REGISTRY['k17']", holder: REGISTRY, steps: TO_SESSION },
    {
      path: "thread \"worker-1\" in handle_checkout_request() local request.environ['werkzeug.request'].session",
      holder: null,
      steps: [],
    },
  ],
  holds: [
    { edge: ".basket", type: "list", count: 1, retainedBytes: 4_812, heldBytes: 4_812 },
    { edge: ".user", type: "shop.models.User", count: 1, retainedBytes: 488, heldBytes: 488 },
    { edge: ".created", type: "datetime.datetime", count: 1, retainedBytes: 48, heldBytes: 48 },
  ],
  garbage: false,
};

export const whyOneSession: WhyReport = {
  schema: "deadweight/why@1",
  selector: "sys.modules['shop.sessions'].REGISTRY['k17']",
  matched: 1,
  groups: [],
  subjects: [SESSION],
  warnings: [],
};

export const whyAllSessions: WhyReport = {
  schema: "deadweight/why@1",
  selector: "Session",
  matched: 83_120,
  groups: [
    { pattern: "sys.modules['shop.sessions'].REGISTRY[*]", holder: REGISTRY, count: 83_114, shallowBytes: 4_654_384 },
    {
      pattern: 'thread "worker-*" in handle_checkout_request() local session',
      holder: null,
      count: 6,
      shallowBytes: 336,
    },
  ],
  subjects: [
    SESSION,
    { ...SESSION, address: "0x7f12a4c8e9d0", paths: [], holds: [], nativeReferences: 2 },
    { ...SESSION, address: "0x7f12a4c8ea40", paths: [], holds: [], garbage: true },
  ],
  warnings: ["83,117 more Session objects are not listed; --limit N shows more."],
};

/** A list of jobs that a worker thread holds, too. */
export const whySharedJobs: WhyReport = {
  ...whyOneSession,
  selector: "shop.jobs.JOBS",
  subjects: [
    {
      ...SESSION,
      type: "list",
      shallowBytes: 920,
      retainedBytes: mib(0.1),
      sharedBytes: mib(39.7),
      heldBytes: mib(39.8),
      entries: 100,
      paths: [
        {
          path: "sys.modules['shop.jobs'].JOBS",
          holder: null,
          steps: [
            step("sys.modules", "dict", mib(1.8), 1_204),
            step("module shop.jobs", "module", 2_048),
            step("global JOBS", "list", mib(39.8), 100),
          ],
        },
      ],
      holds: [{ edge: "[*]", type: "shop.jobs.Job", count: 100, retainedBytes: mib(39.8), heldBytes: mib(39.8) }],
    },
  ],
};

/** An object at the end of a long linked list. */
export const whyLongPath: WhyReport = {
  ...whyOneSession,
  selector: "0x7f12a4c8e350",
  subjects: [
    {
      ...SESSION,
      type: "dict",
      entries: 3,
      nativeReferences: 1,
      paths: [
        {
          path: `sys.modules['shop.audit'].TRAIL.head${".next".repeat(60)}.payload`,
          holder: null,
          steps: [
            step("sys.modules", "dict", mib(598), 1_204),
            step("['shop.audit']", "module", mib(61)),
            step("global TRAIL", "shop.audit.Trail", mib(60)),
            step(".head", "shop.audit.Entry", mib(60)),
            ...Array.from({ length: 60 }, (_, at) => step(".next", "shop.audit.Entry", (60 - at) * MIB)),
            step(".payload", "dict", 5_426, 3),
          ],
        },
      ],
      holds: [],
    },
  ],
};
