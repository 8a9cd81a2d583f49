// Reports of `query`, as the use case makes them.

import type { QueryReport } from "../../src/model/query-report.ts";

export const dictsOfShop: QueryReport = {
  schema: "deadweight/query@1",
  query: "dict where entries > 10k order by held limit 2",
  python: "3.11.7",
  pid: 4711,
  matched: 3,
  shallowBytes: 11_534_552,
  retainedBytes: 94_371_840,
  rows: [
    {
      path: "sys.modules['shop.sessions'].REGISTRY",
      type: "dict",
      address: "0x7f12a4c0",
      entries: 83_114,
      shallowBytes: 5_242_968,
      retainedBytes: 83_886_080,
      heldBytes: 84_934_656,
      referrers: 3,
      text: null,
    },
    {
      path: "<closure make_limiter at limits.py:9>.asked",
      type: "dict",
      address: "0x7f12b000",
      entries: 20_011,
      shallowBytes: 1_310_808,
      retainedBytes: 5_242_880,
      heldBytes: 5_242_880,
      referrers: 1,
      text: null,
    },
  ],
  groups: null,
  warnings: [],
};

export const textsOfShop: QueryReport = {
  ...dictsOfShop,
  query: "str group by text order by count limit 2",
  matched: 90_004,
  rows: [],
  groups: [
    { name: "pending", count: 41_002, shallowBytes: 2_296_112, heldBytes: 2_296_112 },
    {
      name: "a text that is so long that nobody would want to read all of it in a table of texts",
      count: 9,
      shallowBytes: 1_188,
      heldBytes: 1_188,
    },
  ],
};

export const nothingOfShop: QueryReport = {
  ...dictsOfShop,
  query: "app.Missing",
  matched: 0,
  shallowBytes: 0,
  retainedBytes: 0,
  rows: [],
};
