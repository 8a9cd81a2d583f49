// Real programs on every interpreter here, watched while they run: what we read is what they say of themselves.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openWatch, type Watch, type WatchOptions, type WatchTick } from "../../../src/app/watch/watch-process.ts";
import type { Gauge } from "../../../src/model/gauge.ts";
import type { MeasuredSeries } from "../../../src/model/verdict.ts";
import { describeInterpreter, outsideInterpreters } from "../../support/interpreters.ts";
import { type ContainerProgram, gaugesOf, type Sizes, startContainers } from "./container-program.ts";

const OPTIONS: WatchOptions = { rateHz: 10, forMs: null, load: null };
const interpreters = outsideInterpreters();
const newest = interpreters.at(-1)!.path;
/** Names that count lookups, not entries. */
const COUNTERS = ["square hits", "square misses"];

describe.each(interpreters.map((python) => [describeInterpreter(python), python.path] as const))("%s", (_, python) => {
  it("reads from outside what the program says of itself", async () => {
    await using program = await startContainers(python);
    using watch = opened(program, await gaugesOf(program.pid));
    const ticks = watch.ticks();
    await nextTick(ticks);
    const said = await program.ask("grow 1000");
    await nextTick(ticks);
    expect(latestSizes(watch, program)).toEqual(withoutCounters(said));
    expectCounters(watch, program, said);
    expect(seriesOf(watch, program, "IDLE")).toBeNull();
  }, 60_000);

  it("follows them while they grow, and is never behind or ahead of the program", async () => {
    await using program = await startContainers(python);
    await program.ask("grow 10");
    using watch = opened(program, await gaugesOf(program.pid));
    const ticks = watch.ticks();
    await nextTick(ticks);
    await program.ask("spin");
    for (let round = 0; round < 8; round++) {
      const before = await program.ask("sizes");
      await nextTick(ticks);
      const now = latestSizes(watch, program);
      const after = await program.ask("sizes");
      for (const name of Object.keys(withoutCounters(before))) expectBetween(name, before, now, after);
    }
    const said = await program.ask("rest");
    await nextTick(ticks);
    expect(latestSizes(watch, program)).toEqual(withoutCounters(said));
    expectCounters(watch, program, said);
  }, 60_000);

  it("sees which are gone", async () => {
    await using program = await startContainers(python);
    await program.ask("run doomed_list.append(4); doomed_dict['b'] = 2; doomed_set.add(3)");
    using watch = opened(program, await gaugesOf(program.pid));
    const ticks = watch.ticks();
    await nextTick(ticks);
    await program.ask("run doomed_list.append(5); doomed_dict['c'] = 3; doomed_set.add(4)");
    await nextTick(ticks);
    expect(
      ["doomed_list", "doomed_dict", "doomed_set"].map((name) => seriesOf(watch, program, name)?.values.at(-1)),
    ).toEqual([5, 3, 4]);
    // What is freed last lies on a free list or in a pool, and is not used again before the program goes on.
    await program.ask("run del globals()['doomed_list'], globals()['doomed_dict'], globals()['doomed_set']");
    await nextTick(ticks);
    const states = watch
      .tracks()
      .filter(({ gauge }) => isNamed(program, watch.gauges()[gauge]!, /^doomed_/))
      .map(({ state }) => state);
    expect(states).toHaveLength(3);
    expect(states.filter((state) => state === "gone").length).toBeGreaterThanOrEqual(2);
  }, 60_000);

  it("reads the collector's counters", async () => {
    await using program = await startContainers(python);
    await program.ask("run import gc; gc.disable(); gc.set_threshold(701, 11, 12); gc.collect()");
    using watch = opened(program, []);
    const { sample } = await nextTick(watch.ticks());
    expect(sample.collector).toMatchObject({ isEnabled: false, thresholds: [701, 11, 12] });
    const said = (await program.ask(
      "run result = [s[k] for k in ('collections', 'collected', 'uncollectable') for s in gc.get_stats()]",
    )) as unknown as number[];
    const { collections, collected, uncollectable } = sample.collector!;
    expect([...collections, ...collected, ...uncollectable]).toEqual(said);
  }, 60_000);
});

describe("a watch", () => {
  it("ends when its time is over, and has sampled at most at its rate", async () => {
    await using program = await startContainers(newest);
    using watch = opened(program, [], { rateHz: 10, forMs: 1000 });
    const samples: WatchTick[] = [];
    for await (const tick of watch.ticks()) samples.push(tick);
    expect(watch.end()?.how).toBe("time");
    // A busy machine leaves ticks out; none is made up for.
    expect(samples.length).toBeGreaterThanOrEqual(1);
    expect(samples.length).toBeLessThanOrEqual(11);
    const times = samples.map(({ sample }) => sample.atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const [first] = samples;
    expect(first!.sample.anonBytes + first!.sample.fileBytes + first!.sample.shmemBytes).toBe(first!.sample.rssBytes);
    expect(first!.sample.pssBytes).toBeLessThanOrEqual(first!.sample.rssBytes);
    // Its input and its output; whether they are pipes or a pair of sockets is up to Node.
    const { pipes, sockets } = first!.sample.descriptors!;
    expect(pipes + sockets).toBeGreaterThanOrEqual(2);
    expect(first!.sample.load).toBe(first!.sample.cpuSeconds);
  });

  it("ends when it is told to", async () => {
    await using program = await startContainers(newest);
    const stop = new AbortController();
    using watch = opened(program, [], { rateHz: 1, signal: stop.signal });
    const ticks = watch.ticks();
    await nextTick(ticks);
    const rest = ticks.next();
    stop.abort();
    expect(await rest).toMatchObject({ done: true, value: { how: "told" } });
  });

  it("leaves ticks out for which there was no time", async () => {
    await using program = await startContainers(newest);
    using watch = opened(program, [], { rateHz: 10 });
    const ticks = watch.ticks();
    await nextTick(ticks);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 450);
    const late = await nextTick(ticks);
    expect(late.sample.atMs).toBeGreaterThanOrEqual(450);
    expect((await nextTick(ticks)).sample.atMs - late.sample.atMs).toBeGreaterThan(20);
  });

  it("goes on over a process that stands still", async () => {
    await using program = await startContainers(newest);
    using watch = opened(program, await gaugesOf(program.pid));
    const ticks = watch.ticks();
    expect((await nextTick(ticks)).isTargetStopped).toBe(false);
    process.kill(program.pid, "SIGSTOP");
    await untilState(program.pid, "T");
    const stopped = await nextTick(ticks);
    expect(stopped.isTargetStopped).toBe(true);
    expect(stopped.changes.gauges).toEqual([]);
    process.kill(program.pid, "SIGCONT");
    await program.ask("grow 5");
    const running = await nextTick(ticks);
    expect(running.isTargetStopped).toBe(false);
    expect(seriesOf(watch, program, "CACHE")?.values.at(-1)).toBe(5);
  });

  it("says that the process ended", async () => {
    await using program = await startContainers(newest);
    using watch = opened(program, await gaugesOf(program.pid));
    const ticks = watch.ticks();
    await nextTick(ticks);
    await program.ask("grow 7");
    await nextTick(ticks);
    program.tell("run os._exit(3)");
    expect(await lastOf(ticks)).toBe("exited");
    expect(seriesOf(watch, program, "ROWS")?.values.at(-1)).toBe(7);
  });

  it("says that the process runs another program now", async () => {
    await using program = await startContainers(newest);
    using watch = opened(program, await gaugesOf(program.pid));
    const ticks = watch.ticks();
    await nextTick(ticks);
    program.tell("run os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)'])");
    expect(await lastOf(ticks)).toBe("replaced");
  });

  it("keeps the tracks of what is still the same when it is given other gauges", async () => {
    await using program = await startContainers(newest);
    using watch = opened(program, await gaugesOf(program.pid));
    const ticks = watch.ticks();
    await nextTick(ticks);
    await program.ask("grow 5");
    await nextTick(ticks);
    await program.ask("run fresh = {}; globals()['fresh'] = fresh; fresh.update(a=1)");
    const before = seriesOf(watch, program, "CACHE")!;
    watch.follow((await gaugesOf(program.pid)).toReversed());
    await program.ask("grow 5");
    await nextTick(ticks);
    const after = seriesOf(watch, program, "CACHE")!;
    expect(after.times.slice(0, before.times.length - 1)).toEqual(before.times.slice(0, -1));
    expect(after.values[0]).toBe(0);
    expect(after.values.at(-1)).toBe(10);
  });

  it("knows the bounds of deques, queues and caches", async () => {
    await using program = await startContainers(newest);
    using watch = opened(program, await gaugesOf(program.pid));
    const boundOf = (name: string): number | null | undefined =>
      watch.gauges().find(({ address }) => address === program.addresses[name])?.bound;
    expect(["RECENT", "jobs", "bounded", "square", "CACHE"].map(boundOf)).toEqual([700, 5000, 10, null, null]);
  });

  it("refuses what it cannot watch with the reason", () => {
    expect(openWatch(2 ** 22 + 1, [], OPTIONS)).toMatchObject({ ok: false, error: { code: "no-such-process" } });
  });
});

function opened(program: ContainerProgram, gauges: readonly Gauge[], options: Partial<WatchOptions> = {}): Watch {
  // All of them in one tick, however slow the machine is at the moment.
  const watch = openWatch(program.pid, gauges, { ...OPTIONS, budgetShare: 10, ...options });
  if (!watch.ok) throw new Error(watch.error.code);
  return watch.value;
}

async function nextTick(ticks: ReturnType<Watch["ticks"]>): Promise<WatchTick> {
  const next = await ticks.next();
  if (next.done === true) throw new Error(`the watch ended: ${next.value.how}`);
  return next.value;
}

async function lastOf(ticks: ReturnType<Watch["ticks"]>): Promise<string> {
  for (;;) {
    const next = await ticks.next();
    if (next.done === true) return next.value.how;
  }
}

interface Series {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

function seriesOf(watch: Watch, program: ContainerProgram, name: string): Series | null {
  const track = watch.tracks().find(({ gauge }) => watch.gauges()[gauge]!.address === program.addresses[name]);
  return track === undefined ? null : plain(track.series);
}

function plain({ timesMs, values }: MeasuredSeries): Series {
  return { times: Array.from(timesMs), values: Array.from(values) };
}

function latestSizes(watch: Watch, program: ContainerProgram): Sizes {
  const names = Object.keys(program.addresses).filter((name) => name !== "IDLE" && !name.startsWith("doomed_"));
  return Object.fromEntries(names.map((name) => [name, seriesOf(watch, program, name)?.values.at(-1) ?? Number.NaN]));
}

function withoutCounters(sizes: Sizes): Sizes {
  return Object.fromEntries(Object.entries(sizes).filter(([name]) => !COUNTERS.includes(name)));
}

function expectCounters(watch: Watch, program: ContainerProgram, said: Sizes): void {
  const track = watch.tracks().find(({ gauge }) => watch.gauges()[gauge]!.address === program.addresses["square"])!;
  expect([track.hits?.[1], track.misses?.[1]]).toEqual([said["square hits"], said["square misses"]]);
}

/**
 * A full lru_cache throws its oldest entry out before it takes the new one in, a full deque after that
 * (Modules/_collectionsmodule.c, deque_append_internal): one less or one more may be seen in between.
 */
function expectBetween(name: string, before: Sizes, now: Sizes, after: Sizes): void {
  expect(now[name], name).toBeGreaterThanOrEqual(before[name]! - (name === "bounded" ? 1 : 0));
  expect(now[name], name).toBeLessThanOrEqual(after[name]! + (name === "RECENT" ? 1 : 0));
}

function isNamed(program: ContainerProgram, gauge: Gauge, pattern: RegExp): boolean {
  return Object.entries(program.addresses).some(([name, at]) => pattern.test(name) && at === gauge.address);
}

/** Waits until the kernel shows the state of the main thread. */
async function untilState(pid: number, state: string): Promise<void> {
  while (!readFileSync(`/proc/${pid}/status`, "latin1").includes(`State:\t${state}`)) await new Promise(setImmediate);
}
