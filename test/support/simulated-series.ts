// Series as programs make them, with the truth known: what leaks, and what only looks like it. Seeded, so a failure can be repeated.

import type { MeasuredSeries, SeriesContext } from "../../src/model/verdict.ts";

/** Uniform in 0..1; the same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a kind of series is made from. */
export interface Scene {
  readonly random: () => number;
  readonly seconds: number;
  /** Sample times in seconds, ascending from 0. */
  readonly times: readonly number[];
}

export interface SimulatedCase {
  readonly series: MeasuredSeries;
  readonly context: SeriesContext;
}

export interface SimulatedKind {
  readonly name: string;
  readonly isLeak: boolean;
  readonly make: (scene: Scene) => SimulatedCase;
}

/** Even samples, `perSecond` of them, the last one at the end. */
export function evenTimes(seconds: number, perSecond: number): number[] {
  return Array.from({ length: Math.round(seconds * perSecond) + 1 }, (_, at) => at / perSecond);
}

/** Samples of a poller that is often late, and drops a third of them. */
export function unevenTimes(seconds: number, perSecond: number, random: () => number): number[] {
  const jittered = evenTimes(seconds, perSecond).map((time) => time + (0.8 * random()) / perSecond);
  return jittered.filter((_, at) => at === 0 || random() > 0.33);
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Moments of events that come `rate(t)` times per second, at most `most` of them per second. */
function arrivals(scene: Scene, most: number, rate: (time: number) => number = () => most, from: number = 0): number[] {
  const moments: number[] = [];
  for (let time = from; time < scene.seconds; ) {
    time -= Math.log(1 - scene.random()) / most;
    if (scene.random() * most < rate(time)) moments.push(time);
  }
  return moments;
}

/** How many of ascending `moments` lie at or before each time. */
function countsAt(times: readonly number[], moments: readonly number[]): number[] {
  let count = 0;
  return times.map((time) => {
    while (count < moments.length && (moments[count] ?? 0) <= time) count++;
    return count;
  });
}

/** Entries of which each stays for a while: how many are there at each time. */
function staying(scene: Scene, moments: readonly number[], lifetime: () => number): number[] {
  const ends = moments.map((moment) => moment + lifetime()).sort((a, b) => a - b);
  const [came, went] = [countsAt(scene.times, moments), countsAt(scene.times, ends)];
  return came.map((count, at) => count - (went[at] ?? 0));
}

const PLAIN: SeriesContext = { load: null, bound: null, unsettledUntilMs: 0, family: 1 };
const BYTES: SeriesContext = { ...PLAIN, unit: "bytes" };
const MIB = 1024 * 1024;

export function seriesOf(times: readonly number[], values: readonly number[]): MeasuredSeries {
  return { timesMs: times.map((time) => time * 1000), values };
}

function entries(name: string, isLeak: boolean, values: (scene: Scene) => number[], context = PLAIN): SimulatedKind {
  return { name, isLeak, make: (scene) => ({ series: seriesOf(scene.times, values(scene)), context }) };
}

/** Live bytes around 500 MiB; `shape` in MiB. */
function bytes(name: string, isLeak: boolean, shape: (scene: Scene) => number[]): SimulatedKind {
  const values = (scene: Scene): number[] => shape(scene).map((value) => Math.round((500 + value) * MIB));
  return entries(name, isLeak, values, BYTES);
}

function wandering({ random, times }: Scene, phi: number, deviation: number): number[] {
  let value = deviation * normal(random);
  return times.map(() => (value = phi * value + deviation * Math.sqrt(1 - phi * phi) * normal(random)));
}

function sawtooth({ random, times, seconds }: Scene, teeth: number, height: number): number[] {
  const [period, offset] = [seconds / teeth, random()];
  return times.map((time) => height * ((time / period + offset) % 1));
}

/** Sum of shapes, sample by sample. */
function plus(...shapes: readonly (readonly number[])[]): number[] {
  return (shapes[0] ?? []).map((_, at) => shapes.reduce((sum, shape) => sum + (shape[at] ?? 0), 0));
}

function highWater(values: readonly number[]): number[] {
  let most = Number.NEGATIVE_INFINITY;
  return values.map((value) => (most = Math.max(most, value)));
}

/** A cache without a bound that needs none: so many requests ask for one of `keys` keys. */
function keysSeen(scene: Scene, keys: number, requests: number): number[] {
  const seen = new Set<number>();
  const moments = arrivals(scene, requests / scene.seconds).filter(() => {
    const key = Math.floor(keys * scene.random());
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  return countsAt(scene.times, moments);
}

const share = ({ times, seconds }: Scene): number[] => times.map((time) => time / seconds);

/** Long watches get fewer events per second: hours of a busy service take longer to make than to judge. */
const busyness = ({ seconds }: Scene): number => Math.min(1, 300 / seconds);

/** A load signal of `rate(t)` requests per second, and a container that follows it. */
function underLoad(
  name: string,
  isLeak: boolean,
  rate: (time: number, scene: Scene) => number,
  values: (scene: Scene, requests: readonly number[]) => number[],
): SimulatedKind {
  return {
    name,
    isLeak,
    make: (scene) => {
      const requests = arrivals(scene, 200 * busyness(scene), (time) => rate(time, scene) * busyness(scene), -30);
      const load = seriesOf(scene.times, countsAt(scene.times, requests));
      return { series: seriesOf(scene.times, values(scene, requests)), context: { ...PLAIN, load } };
    },
  };
}

const rampingRate = (time: number, { seconds }: Scene): number => 40 + 100 * Math.max(0, Math.min(1, time / seconds));
const steppingRate = (time: number, { seconds }: Scene): number => (time < 0.6 * seconds ? 50 : 120);
const sinceStart = (moments: readonly number[]): number[] => moments.filter((moment) => moment >= 0);
const exponential = (random: () => number, mean: number): number => -mean * Math.log(1 - random());

/** What leaks nothing. */
export const NON_LEAKS: readonly SimulatedKind[] = [
  bytes("bytes: white noise", false, (scene) => wandering(scene, 0, 5)),
  bytes("bytes: wanders, phi 0.9", false, (scene) => wandering(scene, 0.9, 5)),
  bytes("bytes: wanders, phi 0.97", false, (scene) => wandering(scene, 0.97, 5)),
  bytes("bytes: warm-up then flat", false, (scene) =>
    plus(
      share(scene).map((x) => 60 * (1 - Math.exp(-6 * x))),
      wandering(scene, 0.7, 4),
    ),
  ),
  bytes("bytes: fills for 40 % then flat", false, (scene) =>
    plus(
      share(scene).map((x) => 60 * Math.min(1, x / 0.4)),
      wandering(scene, 0.7, 4),
    ),
  ),
  bytes("bytes: high-water ratchet", false, (scene) =>
    plus(highWater(scene.times.map(() => exponential(scene.random, 15))), wandering(scene, 0, 1)),
  ),
  bytes("bytes: GC sawtooth", false, (scene) => plus(sawtooth(scene, 7, 30), wandering(scene, 0, 3))),
  bytes("bytes: mostly ties, 5 steps", false, (scene) => {
    const steps = Array.from(
      { length: 5 },
      () => [scene.random() * scene.seconds, scene.random() < 0.5 ? -4 : 4] as const,
    );
    return scene.times.map((time) => steps.reduce((sum, [at, by]) => (at <= time ? sum + by : sum), 0));
  }),
  bytes("bytes: log file grown and rotated, 3 times", false, (scene) => sawtooth(scene, 3, 50)),
  entries("in flight, steady load", false, (scene) =>
    staying(
      scene,
      arrivals(scene, 50, () => 50, -5),
      () => exponential(scene.random, 0.3),
    ),
  ),
  underLoad("in flight, load ramps up", false, rampingRate, (scene, requests) =>
    staying(scene, requests, () => exponential(scene.random, 0.5)),
  ),
  underLoad("in flight, load steps up", false, steppingRate, (scene, requests) =>
    staying(scene, requests, () => exponential(scene.random, 0.5)),
  ),
  entries("sessions of 20 s, in balance", false, (scene) =>
    staying(
      scene,
      arrivals(scene, 5, () => 5, -200),
      () => exponential(scene.random, 20),
    ),
  ),
  entries("sliding window of 5 s", false, (scene) =>
    staying(
      scene,
      arrivals(scene, 20, () => 20, -6),
      () => 5,
    ),
  ),
  entries("TTL of a sixth of the watch, from empty", false, (scene) =>
    staying(scene, arrivals(scene, 20), () => scene.seconds / 6),
  ),
  entries(
    "LRU of 500, fills half-way through",
    false,
    (scene) => countsAt(scene.times, arrivals(scene, 1000 / scene.seconds)).map((count) => Math.min(500, count)),
    { ...PLAIN, bound: 500 },
  ),
  entries(
    "LRU of 5,000, still filling",
    false,
    (scene) => countsAt(scene.times, arrivals(scene, 1000 / scene.seconds)),
    { ...PLAIN, bound: 5000 },
  ),
  entries("cache of all 300 keys there are", false, (scene) => keysSeen(scene, 300, 2000)),
  entries("cache of 1,000 keys, two thirds seen at the end", false, (scene) => keysSeen(scene, 1000, 1100)),
  entries("batch filled, then cleared, every 7 s", false, (scene) => {
    const offset = 7 * scene.random();
    return scene.times.map((time) => Math.floor(40 * ((time + offset) % 7)));
  }),
  entries("batch cleared once in the watch", false, (scene) => {
    const at = scene.seconds * (0.05 + 0.9 * scene.random());
    return scene.times.map((time) => Math.floor(40 * (time < at ? time + scene.seconds - at : time - at)));
  }),
  entries("pool that grows once, then flat", false, (scene) => {
    const at = scene.seconds * scene.random();
    return scene.times.map((time) => (time < at ? 10 : Math.min(30, 10 + Math.floor((time - at) * 10))));
  }),
  entries("high-water mark of a pool", false, (scene) =>
    highWater(
      staying(
        scene,
        arrivals(scene, 50, () => 50, -5),
        () => exponential(scene.random, 0.3),
      ),
    ),
  ),
];

/** What leaks, and can be told within the watch. */
export const LEAKS: readonly SimulatedKind[] = [
  entries("+1 per request, 10 per second, from 0", true, (scene) => countsAt(scene.times, arrivals(scene, 10))),
  entries("+1 per request, on top of 100,000", true, (scene) =>
    countsAt(scene.times, arrivals(scene, 10)).map((count) => 100_000 + count),
  ),
  entries("+1 per request, 1 per second", true, (scene) => countsAt(scene.times, arrivals(scene, 1))),
  entries("bursts of 30 every 3 s", true, (scene) => {
    const offset = 3 * scene.random();
    return scene.times.map((time) => 30 * Math.floor((time + offset) / 3));
  }),
  underLoad("1 of 10 requests, load ramps up", true, rampingRate, (scene, requests) =>
    countsAt(scene.times, sinceStart(requests)).map((count) => Math.floor(count / 10)),
  ),
  underLoad("1 of 10 requests, load steps up, in flight too", true, steppingRate, (scene, requests) =>
    plus(
      countsAt(scene.times, sinceStart(requests)).map((count) => Math.floor(count / 10)),
      staying(scene, requests, () => exponential(scene.random, 0.1)),
    ),
  ),
  entries("warm-up of 500, then 5 per second", true, (scene) =>
    plus(
      share(scene).map((x) => Math.round(500 * (1 - Math.exp(-20 * x)))),
      countsAt(scene.times, arrivals(scene, 5)),
    ),
  ),
  bytes("bytes: +10 %", true, (scene) =>
    plus(
      share(scene).map((x) => 50 * x),
      wandering(scene, 0.7, 5),
    ),
  ),
  bytes("bytes: +10 % under a GC sawtooth", true, (scene) =>
    plus(
      share(scene).map((x) => 50 * x),
      sawtooth(scene, 28, 30),
      wandering(scene, 0, 3),
    ),
  ),
  bytes("bytes: +40 % under a GC sawtooth", true, (scene) =>
    plus(
      share(scene).map((x) => 200 * x),
      sawtooth(scene, 28, 30),
      wandering(scene, 0, 3),
    ),
  ),
];

/** What leaks too little, or too seldom, for the watch: `unclear` or `growing`, with how long to go on, is the right answer. */
export const FAINT_LEAKS: readonly SimulatedKind[] = [
  entries("6 bursts of 40 in the watch", true, (scene) =>
    scene.times.map((time) => 40 * Math.floor((6 * time) / scene.seconds + 0.5)),
  ),
  bytes("bytes: bursts, +10 %", true, (scene) =>
    plus(
      countsAt(scene.times, arrivals(scene, 12 / scene.seconds)).map((count) => 4.2 * count),
      wandering(scene, 0.7, 4),
    ),
  ),
  bytes("bytes: +4 %", true, (scene) =>
    plus(
      share(scene).map((x) => 20 * x),
      wandering(scene, 0.7, 5),
    ),
  ),
];
