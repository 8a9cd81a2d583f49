// Diff reports of the same shop: after two snapshots, after eight, and of two different processes.

import type { DiffReport, HolderGrowth } from "../../src/model/heap-reports.ts";
import type { Holder } from "../../src/model/holder.ts";
import { mib, PRICES, REGISTRY, ROWS, SCHEMAS, TO_REGISTRY } from "./example-holders.ts";

function growth(
  holder: Holder,
  entries: readonly (number | null)[],
  counts: readonly number[],
  heldBytes: readonly number[],
  verdict: HolderGrowth["verdict"],
): HolderGrowth {
  const rise = (values: readonly number[]): number => (values.at(-1) ?? 0) - (values[0] ?? 0);
  return {
    holder,
    counts,
    retainedBytes: heldBytes,
    heldBytes,
    entries,
    countGrowth: rise(counts),
    retainedGrowthBytes: rise(heldBytes),
    heldGrowthBytes: rise(heldBytes),
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
      because: "rose in every step",
    }),
    growth(SCHEMAS, [112, 118], [8_736, 9_204], [mib(7.1), mib(7.4)], {
      rises: 1,
      steps: 1,
      chance: null,
      strength: "weak",
      because: "rose in every step",
    }),
    growth(ROWS, [1_199, 1_199], [1_200, 1_200], [831_488, 831_488], {
      rises: 0,
      steps: 1,
      chance: null,
      strength: "none",
      because: "rose in every step",
    }),
  ],
  types: [
    {
      name: "shop.sessions.Session",
      counts: [82_116, 83_120],
      shallowBytes: [4_598_496, 4_654_720],
      countGrowth: 1_004,
      shallowGrowthBytes: 56_224,
      verdict: { rises: 1, steps: 1, chance: null, strength: "weak", because: "rose in every step" },
    },
    {
      name: "str",
      counts: [1_204_300, 1_204_220],
      shallowBytes: [100_768_768, 100_762_112],
      countGrowth: -80,
      shallowGrowthBytes: -6_656,
      verdict: { rises: 0, steps: 1, chance: null, strength: "none", because: "rose in every step" },
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
      { rises: 7, steps: 7, chance: 1 / 40_320, strength: "strong", because: "rose in every step" },
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
        because: "rose in every step",
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
      verdict: { rises: 7, steps: 7, chance: 1 / 40_320, strength: "strong", because: "rose in every step" },
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
