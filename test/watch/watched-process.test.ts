// The pure half of `watch`: bounded logs, sums over workers, thresholds.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTrigger } from "../../src/model/snapshot-trigger.ts";
import type { ProcessSample } from "../../src/model/sample.ts";
import type { WatchedProcess } from "../../src/model/watch-report.ts";
import { recentRate } from "../../src/watch/recent-rate.ts";
import { createSampleLog } from "../../src/watch/sample-log.ts";
import { firing } from "../../src/watch/snapshot-triggers.ts";
import { sumHolders } from "../../src/watch/sum-holders.ts";
import { shopProcess, watchOfWorkers } from "../report/example-watches.ts";

const MIB = 2 ** 20;

const sampleAt = (atMs: number, pssBytes: number | null = null): ProcessSample => ({
  atMs,
  rssBytes: 1,
  anonBytes: 1,
  fileBytes: 0,
  shmemBytes: 0,
  swapBytes: 0,
  threads: 1,
  cpuSeconds: 0,
  pssBytes,
  descriptors: null,
  group: null,
  collector: null,
  allocator: null,
  load: null,
});

describe("a log of samples", () => {
  it("never holds more than it may, from the first sample to the latest, in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 1, max: 2000 }), (most, count) => {
        const log = createSampleLog(most);
        for (let at = 0; at < count; at++) log.add(sampleAt(at * 500));
        const times = log.samples().map(({ atMs }) => atMs);
        expect(times.length).toBeLessThanOrEqual(most);
        expect([times[0], times.at(-1)]).toEqual([0, (count - 1) * 500]);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it("does not lose what is read rarely", () => {
    const log = createSampleLog(10);
    for (let at = 0; at < 1000; at++) log.add(sampleAt(at * 500, at % 50 === 0 ? at : null));
    const known = log.samples().filter(({ pssBytes }) => pssBytes !== null);
    expect(known.length).toBeGreaterThanOrEqual(8);
  });
});

describe("growth at the moment", () => {
  it("is that of the last minute", () => {
    const timesMs = Array.from({ length: 400 }, (_, at) => at * 1000);
    const values = timesMs.map((ms) => (ms < 300_000 ? 0 : (ms - 300_000) / 100));
    expect(recentRate({ timesMs, values }, 399_000)).toBeCloseTo(10);
  });
  it("fades when nothing comes any more", () => {
    expect(recentRate({ timesMs: [0, 1000], values: [0, 100] }, 200_000)).toBe(0);
    expect(recentRate({ timesMs: [0], values: [7] }, 1000)).toBe(0);
  });
});

describe("several workers", () => {
  it("are added up by place, and the odd one is named", () => {
    const [sum] = sumHolders(watchOfWorkers.processes);
    expect(sum).toMatchObject({ processes: 4, now: 2100 + 83_114 + 2200 + 2050, isProved: true });
    expect(sum?.outlier).toEqual({ pid: 4712, now: 83_114 });
  });
  it("have no odd one when they are alike, or only two", () => {
    const alike = watchOfWorkers.processes.filter(({ pid }) => pid !== 4712);
    expect(sumHolders(alike)[0]?.outlier).toBeNull();
    expect(sumHolders(watchOfWorkers.processes.slice(0, 2))[0]?.outlier).toBeNull();
  });
  it("count no longer when they have ended", () => {
    const ended = watchOfWorkers.processes.map((each) => ({ ...each, state: "ended" as const }));
    expect(sumHolders(ended)).toEqual([]);
  });
});

describe("moments for a snapshot", () => {
  it.each([
    ["80%", { kind: "share", share: 0.8 }],
    ["512MiB", { kind: "bytes", bytes: 512 * MIB }],
    ["2G", { kind: "bytes", bytes: 2048 * MIB }],
    ["pressure", { kind: "pressure", percent: 10 }],
    ["pressure:25", { kind: "pressure", percent: 25 }],
    ["growth", { kind: "growth" }],
  ])("%s", (word, trigger) => {
    expect(parseTrigger(word)).toEqual({ ok: true, value: trigger });
  });
  it.each(["", "0%", "120%", "fast", "-3MiB", "0", "pressure:x", "5XB"])("%j is none", (word) => {
    expect(parseTrigger(word)).toMatchObject({ ok: false, error: expect.stringContaining("no moment for a snapshot") });
  });

  const using = (bytes: number): WatchedProcess => ({
    ...shopProcess,
    group: { usageBytes: bytes, reclaimableBytes: 0, limitBytes: 1000 * MIB, pressurePercent: 0 },
  });
  it("come once until the threshold is left", () => {
    const fired = new Set<string>();
    const at = (mib: number): number => firing([{ kind: "share", share: 0.8 }], using(mib * MIB), fired).length;
    expect([700, 810, 850, 790, 810, 700, 820].map(at)).toEqual([0, 1, 0, 0, 0, 0, 1]);
  });
  it("come once for each holder whose growth is proved", () => {
    const fired = new Set<string>();
    expect(firing([{ kind: "growth" }], shopProcess, fired)).toEqual([
      "sys.modules['app.sessions'].REGISTRY grows without a break",
    ]);
    expect(firing([{ kind: "growth" }], shopProcess, fired)).toEqual([]);
  });
  it("are none without a limit", () => {
    expect(firing([{ kind: "share", share: 0.1 }], { ...shopProcess, group: null }, new Set())).toEqual([]);
  });
});
