// How many snapshots a process can bear.

import { describe, expect, it } from "vitest";
import { planSnapshots } from "../../src/diagnose/plan-snapshots.ts";

const SMALL = { windowMs: 60_000, objects: 200_000, pauseMs: 20, readingMs: 500, asked: null };

describe("a small process", () => {
  it("gets the seven that make an unbroken rise a proof, the last at the end", () => {
    expect(planSnapshots(SMALL)).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  });
});

describe("fewer, and never less than one more", () => {
  it.each([
    ["a large heap, for our own memory", { ...SMALL, objects: 2_000_000 }, 1],
    ["five million objects", { ...SMALL, objects: 5_000_000 }, 1],
    ["a long pause, for the target", { ...SMALL, pauseMs: 700 }, 1],
    ["a middling pause", { ...SMALL, pauseMs: 500 }, 3],
    ["slow reading, for the samples", { ...SMALL, readingMs: 10_000 }, 2],
  ])("%s", (_, cost, further) => {
    expect(planSnapshots(cost)).toHaveLength(further);
  });
});

it("takes as many as somebody asks for", () => {
  expect(planSnapshots({ ...SMALL, objects: 5_000_000, asked: 4 })).toEqual([20_000, 40_000, 60_000]);
  expect(planSnapshots({ ...SMALL, asked: 1 })).toEqual([60_000]);
});
