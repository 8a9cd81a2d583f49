// Attaches, detaches and traces, for golden files and schemas.

import type { AttachReport, DetachReport } from "../../src/model/attach-report.ts";
import type { TraceReport } from "../../src/model/trace-report.ts";
import { runOfServer } from "./example-runs.ts";

export const attachOfWorker: AttachReport = {
  schema: "deadweight/attach@1",
  pid: 4711,
  python: "3.11.7",
  pauseMs: 4.2,
  seconds: 93.4,
  ended: "asked",
  processes: runOfServer.processes.slice(0, 2),
  refused: [],
};

export const attachOfEnded: AttachReport = {
  ...attachOfWorker,
  seconds: 2.25,
  ended: "closed",
  processes: runOfServer.processes.slice(0, 1),
  refused: ["A connection was turned away: process 4711 is connected already."],
};

export const detachOfWorker: DetachReport = { schema: "deadweight/detach@1", pid: 4711, pauseMs: 3.1 };

export const traceOfShop: TraceReport = {
  schema: "deadweight/trace@1",
  pid: 4711,
  python: "3.11.7",
  seconds: 10.02,
  frames: 1,
  ended: "asked",
  middleSeconds: 5.01,
  blocks: 41_260,
  bytes: 6_291_456,
  peakBytes: 9_437_184,
  countMs: 14.8,
  stopMs: 1.2,
  lines: [
    {
      file: "/srv/shop/shop/sessions.py",
      line: 31,
      source: "self.data = bytearray(500)",
      blocks: 20_011,
      bytes: 5_242_880,
      grownBlocks: 10_004,
      grownBytes: 2_621_440,
    },
    {
      file: "/srv/shop/venv/lib/python3.11/site-packages/werkzeug/datastructures/headers.py",
      line: 118,
      source: null,
      blocks: 812,
      bytes: 204_800,
      grownBlocks: 0,
      grownBytes: 0,
    },
    {
      file: "<string>",
      line: 2,
      source: null,
      blocks: 12,
      bytes: 4096,
      grownBlocks: -3,
      grownBytes: -1024,
    },
  ],
  rest: { lines: 211, blocks: 20_425, bytes: 839_680 },
  holders: [
    {
      path: "shop.sessions.SESSIONS",
      lines: [
        {
          file: "/srv/shop/shop/sessions.py",
          line: 31,
          source: "self.data = bytearray(500)",
          objects: 10_005,
          bytes: 5_562_780,
        },
      ],
      objects: 61_000,
      untraced: 50_995,
      isComplete: true,
      problem: null,
    },
    {
      path: "shop.cart.Cart.seen",
      lines: [],
      objects: 0,
      untraced: 0,
      isComplete: false,
      problem: "LookupError: shop.cart.Cart.seen: there is no seen in a type",
    },
  ],
};

export const traceOfNothing: TraceReport = {
  ...traceOfShop,
  seconds: 0.4,
  ended: "budget",
  middleSeconds: null,
  blocks: 0,
  bytes: 0,
  peakBytes: 0,
  lines: [],
  rest: { lines: 0, blocks: 0, bytes: 0 },
  holders: null,
};
