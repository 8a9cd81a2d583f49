// Answers of `deadweight lines FILE` that tests of reports share.

import type { AllocationLinesReport } from "../../src/model/allocation-lines-report.ts";

/** A dump of tracemalloc. */
export const allocationsOfShop: AllocationLinesReport = {
  schema: "deadweight/allocation-lines@1",
  tool: "tracemalloc",
  file: "shop.tracemalloc",
  kept: "alive",
  bytes: 2_097_000,
  blocks: 18_359,
  lines: [
    { file: "/srv/app/shop.py", line: 6, function: null, bytes: 1_573_000, blocks: 9971 },
    { file: "<frozen importlib._bootstrap>", line: 241, function: null, bytes: 10_854, blocks: 148 },
  ],
  rest: { lines: 12, bytes: 40_000, blocks: 700 },
  isComplete: true,
  warnings: [],
};

/** Statistics of memray, which name the largest lines only. */
export const allocationsOfStats: AllocationLinesReport = {
  schema: "deadweight/allocation-lines@1",
  tool: "memray",
  file: "stats.json",
  kept: "all",
  bytes: 2_740_210,
  blocks: 375,
  lines: [
    { file: "/srv/app/shop.py", line: 18, function: "fill", bytes: 1_151_504, blocks: 8 },
    { file: "/srv/app/shop.py", line: 6, function: "<listcomp>", bytes: 1_048_576, blocks: null },
    { file: "/srv/app/shop.py", line: 13, function: "<listcomp>", bytes: null, blocks: 120 },
  ],
  rest: { lines: 0, bytes: 0, blocks: 0 },
  isComplete: false,
  warnings: ["memray's statistics count all that was allocated, freed or not, and name the largest lines only."],
};
