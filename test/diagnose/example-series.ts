// Series as judged elsewhere: what a diagnosis is given.

import type { SeriesVerdict } from "../../src/model/verdict.ts";

/** Rose in every window. */
export const GROWING: SeriesVerdict = {
  shape: "growing",
  isUnbroken: true,
  windowSeconds: 60,
  samples: 120,
  first: 300,
  last: 1200,
  slope: 15,
  slopeLow: 14,
  slopeHigh: 16,
  perUnitOfLoad: null,
  p: 1e-9,
  because: ["It rose in each of 8 windows."],
  ruledOut: [{ what: "warm-up", because: "It rises as fast at the end as at the start." }],
  wouldChange: "a window in which it falls",
};
