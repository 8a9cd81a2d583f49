// A watch of days needs no more memory than one of minutes, and what it keeps is true.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTrackStore, recordVisits, tracksOf } from "../../src/cpython/gauge-tracks.ts";
import { type GaugeReadings, Seen } from "../../src/cpython/gauge-rounds.ts";
import type { Addr, NodeIx } from "../../src/base/brand.ts";
import type { Gauge } from "../../src/model/gauge.ts";

const GAUGE: Gauge = {
  kind: "list",
  address: 64 as Addr,
  typeAddress: 8 as Addr,
  node: 1 as NodeIx,
  entries: 0,
  bound: null,
  boundAt: null,
};

describe("tracks", () => {
  it("keep at most 600 points, spread over the whole time, with the first and the last as they were read", () => {
    const watch = watchOne();
    for (let tick = 0; tick < 100_000; tick++) watch.read(tick * 500, tick);
    const { timesMs, values } = watch.track()!.series;
    expect(timesMs.length).toBeLessThanOrEqual(600);
    expect(timesMs.length).toBeGreaterThan(150);
    expect([timesMs[0], values[0]]).toEqual([0, 0]);
    expect([timesMs[timesMs.length - 1], values[values.length - 1]]).toEqual([99_999 * 500, 99_999]);
    const gaps = Array.from(timesMs).map((at, i) => at - (timesMs[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan((99_999 * 500) / 50);
  });

  it("hold nothing but readings, in order of time", () => {
    const readings = fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(50)), {
      minLength: 1,
      maxLength: 3000,
    });
    fc.assert(
      fc.property(readings, (steps) => {
        const watch = watchOne();
        const read = new Map<number, number>();
        let nowMs = 0;
        for (const [stepMs, size] of steps) {
          nowMs += stepMs;
          read.set(nowMs, size);
          watch.read(nowMs, size);
        }
        const series = watch.track()?.series;
        const isChanging = new Set(read.values()).size > 1;
        expect(series !== undefined).toBe(isChanging);
        if (series === undefined) return;
        for (let at = 0; at < series.timesMs.length; at++) {
          expect(read.get(series.timesMs[at]!)).toBe(series.values[at]);
          if (at > 0) expect(series.timesMs[at]).toBeGreaterThan(series.timesMs[at - 1]!);
        }
        expect(series.timesMs[series.timesMs.length - 1]).toBe(nowMs);
      }),
      { numRuns: 200 },
    );
  });

  it("end with the container, and say so", () => {
    const watch = watchOne();
    watch.read(0, 1);
    watch.read(500, 2);
    watch.end(1000);
    expect(watch.track()).toMatchObject({ state: "gone", hits: null });
    expect(Array.from(watch.track()!.series.timesMs)).toEqual([0, 500]);
  });
});

interface OneGauge {
  read(atMs: number, size: number): void;
  end(atMs: number): void;
  track(): ReturnType<typeof tracksOf>[number] | undefined;
}

function watchOne(): OneGauge {
  const store = createTrackStore([GAUGE]);
  const readings: GaugeReadings = {
    state: new Uint8Array([Seen.alive]),
    size: new Float64Array(1),
    hits: new Float64Array(1),
    misses: new Float64Array(1),
    visited: new Uint32Array([0]),
  };
  return {
    read: (atMs, size) => {
      readings.size[0] = size;
      recordVisits(store, readings, 1, atMs);
    },
    end: (atMs) => {
      readings.state[0] = Seen.gone;
      recordVisits(store, readings, 1, atMs);
    },
    track: () => tracksOf(store)[0],
  };
}
