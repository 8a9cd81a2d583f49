// Reading containers of a real process: in turns when time is short, and through memory that goes away meanwhile.

import { describe, expect, it } from "vitest";
import { createGaugeReader } from "../../src/capture/gauge-reader.ts";
import { Seen } from "../../src/cpython/gauge-rounds.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { createMemoryReader } from "../../src/capture/outside-reader.ts";
import { identifyProcess } from "../../src/app/identify-target.ts";
import { batchSpots, WIDEST_GAP_BYTES } from "../../src/cpython/gauge-batches.ts";
import { type GaugeSpots, spotsOf } from "../../src/cpython/gauge-spots.ts";
import type { Gauge } from "../../src/model/gauge.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";
import { type ContainerProgram, gaugesOf, startContainers } from "../app/watch/container-program.ts";

const interpreters = readableInterpreters();
const NO_TIME_MS = 0;
const ALL_TIME_MS = Number.POSITIVE_INFINITY;

describe.each(
  [interpreters[0]!, interpreters.at(-1)!].map((python) => [describeInterpreter(python), python.path] as const),
)("%s", (_, python) => {
  it("sees everything in turns, however little time there is", async () => {
    await using program = await startContainers(python);
    await program.ask("run globals()['many'] = [[0] * (i % 7) for i in range(20000)]");
    const gauges = await gaugesOf(program.pid);
    using reading = startReading(program, gauges);
    const { readings } = reading.reader;
    const batches = batchSpots(reading.spots).count;
    const first = reading.reader.tick(NO_TIME_MS);
    expect(first.reads).toBeGreaterThan(0);
    expect(first.visitedCount).toBeLessThan(gauges.length);
    for (let tick = 1; tick < batches; tick++) reading.reader.tick(NO_TIME_MS);
    expect(count(readings.state, Seen.never)).toBe(0);
    expect(count(readings.state, Seen.alive)).toBeGreaterThan(17_000);
  }, 60_000);

  it("reads at every tick what changed lately, and the rest in turns", async () => {
    await using program = await startContainers(python);
    await program.ask("run globals()['many'] = [[0] * (i % 7) for i in range(20000)]");
    const gauges = await gaugesOf(program.pid);
    using reading = startReading(program, gauges);
    reading.reader.tick(ALL_TIME_MS);
    await program.ask("run CACHE[0] = 1");
    reading.reader.tick(ALL_TIME_MS);
    const cache = gauges.findIndex(({ address }) => address === program.addresses["CACHE"]);
    for (let size = 2; size < 6; size++) {
      await program.ask("run CACHE[len(CACHE)] = 1");
      // The few batches that are hot take turns, too, where there is time for one of each sort.
      for (let tick = 0; tick < 10; tick++) reading.reader.tick(NO_TIME_MS);
      expect(reading.reader.readings.size[cache]).toBe(size);
    }
  }, 60_000);

  it("reads how many wait in a SimpleQueue, which has a list of its own up to 3.12 only", async () => {
    await using program = await startContainers(python);
    await program.ask("run import queue; globals()['calls'] = queue.SimpleQueue()");
    await program.ask("run [calls.put(each) for each in range(77)]");
    const gauges = await gaugesOf(program.pid);
    using reading = startReading(program, gauges);
    const waiting = gauges.findIndex(({ entries }) => entries === 77);
    expect(["list", "simple-queue"]).toContain(gauges[waiting]?.kind);
    await program.ask("run [calls.put(each) for each in range(23)]");
    reading.reader.tick(ALL_TIME_MS);
    expect(reading.reader.readings.size[waiting]).toBe(100);
    await program.ask("run calls.get()");
    reading.reader.tick(ALL_TIME_MS);
    // The list keeps what was taken out until it is worth cutting.
    expect(reading.reader.readings.size[waiting]).toBe(gauges[waiting]?.kind === "list" ? 100 : 99);
  }, 60_000);

  it("ends those whose memory went away, and no other", async () => {
    await using program = await startContainers(python);
    await program.ask("run globals()['many'] = [[i] for i in range(60000)]");
    const gauges = await gaugesOf(program.pid, 100_000);
    using reading = startReading(program, gauges);
    reading.reader.tick(ALL_TIME_MS);
    const { state } = reading.reader.readings;
    const before = count(state, Seen.alive);
    expect(before).toBeGreaterThan(60_000);
    await program.ask("run del globals()['many']");
    const tick = reading.reader.tick(ALL_TIME_MS);
    expect(tick.isGone).toBe(false);
    // A few are on the interpreter's own free list, with a count of 0; some may already be lists of somebody else.
    expect(before - count(state, Seen.alive)).toBeGreaterThan(59_000);
    const named = Object.values(program.addresses).map((address) =>
      gauges.findIndex((gauge) => gauge.address === address),
    );
    expect(named.map((gauge) => state[gauge])).toEqual(named.map(() => Seen.alive));
  }, 60_000);
});

describe("batches", () => {
  it("cover every spot once, and no page without one", async () => {
    await using program = await startContainers(interpreters.at(-1)!.path);
    using reading = startReading(program, await gaugesOf(program.pid));
    const { spots } = reading;
    const batches = batchSpots(spots);
    const pageOf = (address: number): number => Math.floor(address / 4096);
    for (let batch = 0; batch < batches.count; batch++) {
      const [from, to] = [batches.firstSpot[batch]!, batches.firstSpot[batch + 1]!];
      expect(to).toBeGreaterThan(from);
      const start = spots.address[from]!;
      const held = new Set<number>();
      for (let spot = from; spot < to; spot++) {
        const end = spots.address[spot]! + spots.spanBytes[spot]!;
        expect(end - start).toBeLessThanOrEqual(batches.bytes[batch]!);
        for (let page = pageOf(spots.address[spot]!); page <= pageOf(end - 1); page++) held.add(page);
      }
      expect(pageOf(start + batches.bytes[batch]! - 1) - pageOf(start) + 1).toBe(held.size);
    }
    expect(batches.firstSpot[batches.count]).toBe(spots.count);
    expect(WIDEST_GAP_BYTES).toBeLessThan(4096);
  }, 60_000);
});

interface Reading extends Disposable {
  readonly spots: GaugeSpots;
  readonly reader: ReturnType<typeof createGaugeReader>;
}

function startReading({ pid }: ContainerProgram, gauges: readonly Gauge[]): Reading {
  const known = identifyProcess(pid);
  const opened = openProcFs().open(`${pid}/mem`);
  if (!known.ok || !opened.ok) throw new Error("the program is gone");
  const file = opened.value;
  const { layout, interpreter } = known.value;
  const spots = spotsOf(gauges, layout, interpreter, createMemoryReader(file));
  const reader = createGaugeReader(file, spots, gauges.length, layout);
  return { spots, reader, [Symbol.dispose]: () => file[Symbol.dispose]() };
}

function count(state: Uint8Array, wanted: number): number {
  return state.filter((each) => each === wanted).length;
}
