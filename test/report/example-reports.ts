// Reports of one imaginary evening: a Flask shop whose sessions are never dropped, and a Celery worker beside it.

import type {
  DiffReport,
  DoctorReport,
  HolderGrowth,
  HolderUsage,
  SnapshotReport,
  TopReport,
  WhyReport,
  WhySubject,
} from "../../src/model/heap-reports.ts";
import type { Holder, HolderKind, PathStep } from "../../src/model/holder.ts";
import type { CollectorFacts } from "../../src/model/snapshot-meta.ts";

const MIB = 1024 * 1024;

function mib(amount: number): number {
  return Math.round(amount * MIB);
}

export function aHolder(
  path: string,
  kind: HolderKind,
  type: string,
  module: string | null = null,
  name: string | null = null,
): Holder {
  return {
    path,
    kind,
    module,
    name,
    type,
    file: module === null ? null : `/srv/shop/${module.replaceAll(".", "/")}.py`,
    line: null,
  };
}

const REGISTRY = aHolder("sys.modules['shop.sessions'].REGISTRY", "module-global", "dict", "shop.sessions", "REGISTRY");
const PRICES = aHolder(
  "shop.pricing.price_for.<lru_cache>",
  "cache",
  "functools._lru_cache_wrapper",
  "shop.pricing",
  "price_for",
);
const HANDLER = aHolder(
  "<closure make_handler at /srv/shop/web.py:31>.catalogue",
  "closure-cell",
  "list",
  "shop.web",
  "catalogue",
);
const SCHEMAS = aHolder(
  "sys.modules['shop.integrations.marketplace.translations'].TranslationRegistry._compiled_templates_by_locale['de_DE']",
  "class-attribute",
  "dict",
  "shop.integrations.marketplace.translations",
  "_compiled_templates_by_locale",
);
const ROWS = aHolder('thread "worker-1" in export_orders() local rows', "frame-local", "list");
const JAPANESE = aHolder(
  "sys.modules['shop.i18n'].MESSAGES['日本語 🇯🇵']",
  "module-global",
  "dict",
  "shop.i18n",
  "MESSAGES",
);

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
  byHolder: [
    usage(REGISTRY, 2_493_420, mib(432), 83_114, { type: "shop.sessions.Session", count: 83_114 }),
    usage(PRICES, 21_012, mib(61.5), 7_000, { type: "decimal.Decimal", count: 14_000 }),
    usage(HANDLER, 40_001, mib(18.2), 40_000, { type: "tuple", count: 40_000 }),
    usage(SCHEMAS, 9_204, mib(7.4), 118, { type: "str", count: 8_800 }),
    usage(ROWS, 1_200, 812 * 1024, 1_199, { type: "dict", count: 1_199 }),
    usage(JAPANESE, 44, 12 * 1024, 21, null),
  ],
  byType: [
    { name: "dict", count: 402_118, shallowBytes: mib(139.4), retainedBytes: mib(470) },
    { name: "shop.sessions.Session", count: 83_120, shallowBytes: mib(4.4), retainedBytes: mib(428) },
    { name: "str", count: 1_204_220, shallowBytes: mib(96.1), retainedBytes: mib(96.1) },
    { name: "numpy.ndarray", count: 12, shallowBytes: mib(24), retainedBytes: mib(24) },
  ],
  byModule: [
    { name: "shop.sessions", count: 2_493_511, shallowBytes: mib(133), retainedBytes: mib(432.1) },
    { name: "shop.pricing", count: 21_140, shallowBytes: mib(19), retainedBytes: mib(61.6) },
  ],
  garbage: { count: 0, shallowBytes: 0, groups: [] },
  native: { objects: 0, retainedBytes: 0 },
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
      { types: "traceback, frame, KeyError", cycles: 1, count: 14, shallowBytes: 5_120 },
    ],
  },
  native: { objects: 312, retainedBytes: mib(12.1) },
  collector: { ...COLLECTOR, enabled: false, permanentObjects: 48_113 },
  warnings: ["A collection was running when the process was stopped; its lists were read twice and agreed."],
};

function step(edge: string, type: string, retainedBytes: number, entries: number | null = null): PathStep {
  return { edge, type, address: "0x7f12a4c8e350", shallowBytes: Math.min(retainedBytes, 64), retainedBytes, entries };
}

const TO_REGISTRY: readonly PathStep[] = [
  step("sys.modules", "dict", mib(598), 1_204),
  step("['shop.sessions']", "module", mib(432.1)),
  step("global REGISTRY", "dict", mib(432), 83_114),
];
const TO_SESSION: readonly PathStep[] = [...TO_REGISTRY, step("['k17']", "shop.sessions.Session", 5_426)];

const SESSION: WhySubject = {
  type: "shop.sessions.Session",
  address: "0x7f12a4c8e350",
  shallowBytes: 56,
  retainedBytes: 5_426,
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
    { edge: ".basket", type: "list", retainedBytes: 4_812 },
    { edge: ".user", type: "shop.models.User", retainedBytes: 488 },
    { edge: ".created", type: "datetime.datetime", retainedBytes: 48 },
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

function growth(
  holder: Holder,
  entries: readonly (number | null)[],
  counts: readonly number[],
  retainedBytes: readonly number[],
  verdict: HolderGrowth["verdict"],
): HolderGrowth {
  const rise = (values: readonly number[]): number => (values.at(-1) ?? 0) - (values[0] ?? 0);
  return {
    holder,
    counts,
    retainedBytes,
    entries,
    countGrowth: rise(counts),
    retainedGrowthBytes: rise(retainedBytes),
    mostly: holder === REGISTRY ? { type: "Session", count: 1_004 } : null,
    verdict,
    steps: holder === REGISTRY ? TO_REGISTRY : [],
  };
}

const TAKEN = Date.UTC(2026, 10, 21, 1, 30, 0);

export const diffOfTwo: DiffReport = {
  schema: "deadweight/diff@1",
  sameProcess: true,
  snapshots: [
    { file: "a.dwsnap", takenAtMs: TAKEN, nodes: 5_881_924, liveBytes: mib(601.8) },
    { file: "b.dwsnap", takenAtMs: TAKEN + 12_000, nodes: 5_912_044, liveBytes: mib(607) },
  ],
  holders: [
    growth(REGISTRY, [82_110, 83_114], [2_463_300, 2_493_420], [mib(426.8), mib(432)], {
      rises: 1,
      steps: 1,
      chance: null,
      strength: "weak",
    }),
    growth(SCHEMAS, [112, 118], [8_736, 9_204], [mib(7.1), mib(7.4)], {
      rises: 1,
      steps: 1,
      chance: null,
      strength: "weak",
    }),
    growth(ROWS, [1_199, 1_199], [1_200, 1_200], [831_488, 831_488], {
      rises: 0,
      steps: 1,
      chance: null,
      strength: "none",
    }),
  ],
  types: [
    {
      name: "shop.sessions.Session",
      counts: [82_116, 83_120],
      shallowBytes: [4_598_496, 4_654_720],
      countGrowth: 1_004,
      shallowGrowthBytes: 56_224,
      verdict: { rises: 1, steps: 1, chance: null, strength: "weak" },
    },
    {
      name: "str",
      counts: [1_204_300, 1_204_220],
      shallowBytes: [100_768_768, 100_762_112],
      countGrowth: -80,
      shallowGrowthBytes: -6_656,
      verdict: { rises: 0, steps: 1, chance: null, strength: "none" },
    },
  ],
  warnings: [],
};

const SERIES = [82_110, 82_254, 82_391, 82_540, 82_688, 82_830, 82_971, 83_114];

export const diffOfEight: DiffReport = {
  ...diffOfTwo,
  snapshots: SERIES.map((entries, at) => ({
    file: `shop-${at + 1}.dwsnap`,
    takenAtMs: TAKEN + at * 30_000,
    nodes: 3_418_744 + entries * 30,
    liveBytes: mib(176) + entries * 5_426,
  })),
  holders: [
    growth(
      REGISTRY,
      SERIES,
      SERIES.map((each) => each * 30),
      SERIES.map((each) => each * 5_426),
      { rises: 7, steps: 7, chance: 1 / 40_320, strength: "strong" },
    ),
    growth(
      PRICES,
      SERIES.map(() => 7_000),
      [20_900, 21_012, 20_980, 21_003, 20_990, 21_040, 21_000, 21_012],
      SERIES.map(() => mib(61.5)),
      {
        rises: 4,
        steps: 7,
        chance: 1 / 40_320,
        strength: "none",
      },
    ),
  ],
  types: [
    {
      name: "shop.sessions.Session",
      counts: SERIES,
      shallowBytes: SERIES.map((each) => each * 56),
      countGrowth: 1_004,
      shallowGrowthBytes: 56_224,
      verdict: { rises: 7, steps: 7, chance: 1 / 40_320, strength: "strong" },
    },
  ],
};

export const diffOfNothing: DiffReport = {
  ...diffOfTwo,
  sameProcess: false,
  holders: [],
  types: [],
  warnings: ["a.dwsnap is of pid 4711, b.dwsnap of pid 4712."],
};

export const doctorOfReadable: DoctorReport = {
  schema: "deadweight/doctor@1",
  pid: 4711,
  readable: true,
  checks: [
    { name: "process", status: "ok", seen: "gunicorn: worker [shop.web:app], running for 3 d 4 h", advice: null },
    {
      name: "permission",
      status: "ok",
      seen: "same user (1000), ptrace_scope 1, CAP_SYS_PTRACE present",
      advice: null,
    },
    { name: "python", status: "ok", seen: "CPython 3.11.7, /usr/bin/python3.11, stripped", advice: null },
    {
      name: "memory",
      status: "warning",
      seen: "2.1 GiB resident, 1.2 GiB free here",
      advice:
        "The analysis needs about 1.8 times the target's memory. Take the snapshot here and read it on another machine.",
    },
  ],
  commands: [],
};

export const doctorOfRefused: DoctorReport = {
  schema: "deadweight/doctor@1",
  pid: 4711,
  readable: false,
  checks: [
    { name: "process", status: "ok", seen: "celery -A shop.tasks worker, in container 3f9c2a77d1e0", advice: null },
    {
      name: "permission",
      status: "problem",
      seen: "owned by user 10001, we are user 1000; ptrace_scope is 1",
      advice:
        "The kernel lets only root, or a process with CAP_SYS_PTRACE, read another user's process. Run one of the lines below.",
    },
    {
      name: "python",
      status: "unknown",
      seen: "the executable cannot be read before the permission is there",
      advice: null,
    },
  ],
  commands: [
    "sudo deadweight top 4711",
    "docker run --rm -it --pid=container:3f9c2a77d1e0 --cap-add=SYS_PTRACE -v $PWD:/out node:22-slim npx deadweight snapshot 1 -o /out/worker.dwsnap",
  ],
};

export const doctorOfMachine: DoctorReport = {
  schema: "deadweight/doctor@1",
  pid: null,
  readable: null,
  checks: [
    { name: "yama", status: "ok", seen: "ptrace_scope is 0: processes of the same user can be read", advice: null },
  ],
  commands: [],
};
