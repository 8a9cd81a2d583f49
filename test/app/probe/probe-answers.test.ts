// What the probe says of a real program agrees with what the program knows of itself.

import { describe, expect, it } from "vitest";
import type { ProbeConnection } from "../../../src/app/probe/probe-connection.ts";
import { parseStatistics } from "../../../src/app/probe/probe-protocol.ts";
import { describeInterpreter, readableInterpreters } from "../../support/interpreters.ts";
import { answer, openHub, plainEnvironment, startProgram, until } from "./probed-program.ts";

const PROGRAM = `
import functools, gc, sys, threading
class Slotted:
    __slots__ = ("rows",)
@functools.lru_cache(maxsize=50)
def price(item): return item
@functools.lru_cache(maxsize=None)
def rate(item): return item
for item in range(100): price(item); price(item)
for item in range(7): rate(item)
data = [bytes(1000) for _ in range(100)]
cycle = []; cycle.append(cycle)
slotted = Slotted(); slotted.rows = data
threading.Thread(target=threading.Event().wait, daemon=True).start()
print("ready", flush=True)
kept = []
for line in sys.stdin:
    exec(line)
    print("done", line, flush=True)
`;

interface Rows {
  readonly rows: readonly { readonly stack: readonly { readonly line: number }[]; readonly bytes: number }[];
  readonly traces: number;
  readonly ended: string | null;
}

async function program(
  python: string,
): Promise<{ readonly probe: ProbeConnection; readonly does: (line: string) => Promise<void> }> {
  const { hub, connections } = await openHub();
  const started = startProgram(python, ["-c", PROGRAM], hub.environment(plainEnvironment()));
  await started.says("ready");
  await until(() => connections.length > 0);
  const [probe] = connections;
  if (probe === undefined) throw new Error("no connection");
  return {
    probe,
    does: async (line) => {
      started.child.stdin?.write(`${line}\n`);
      await started.says(`done ${line}`);
    },
  };
}

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "CPython %s",
  (_, { path }) => {
    it("ping and stats", async () => {
      const { probe } = await program(path);
      expect(await answer(probe, "ping")).toEqual({ pid: probe.hello.pid, startTicks: probe.hello.startTicks });
      const statistics = parseStatistics(await answer(probe, "stats"));
      expect(statistics).toMatchObject({ collectorEnabled: true, uncollectable: 0, threads: 2 });
      expect(statistics?.collections).toHaveLength(3);
      expect(statistics?.allocatedBlocks).toBeGreaterThan(1000);
    });

    it("caches, with what cache_info says", async () => {
      const { probe } = await program(path);
      const { caches } = await answer<{ caches: readonly Record<string, unknown>[] }>(probe, "caches");
      const own = caches.filter(({ name }) => String(name).startsWith("__main__."));
      expect(own).toMatchObject([
        { name: "__main__.price", place: "__main__.price", line: 5, hits: 100, misses: 100, entries: 50, bound: 50 },
        { name: "__main__.rate", place: "__main__.rate", line: 7, hits: 0, misses: 7, entries: 7, bound: null },
      ]);
    });

    it("sizeof: each object once, through slots and cycles", async () => {
      const { probe } = await program(path);
      const size = async (name: string): Promise<unknown> =>
        await answer(probe, "sizeof", { path: `__main__.${name}` });
      expect(await size("data")).toMatchObject({ objects: 101, isComplete: true });
      expect(await size("cycle")).toMatchObject({ objects: 1 });
      expect(await size("slotted.rows")).toEqual(await size("data"));
      expect(await probe.request("sizeof", { path: "__main__.nothing" })).toMatchObject({ ok: false });
      expect(await answer(probe, "sizeof", { path: "__main__.data", mostObjects: 5 })).toMatchObject({
        isComplete: false,
      });
    });

    it("collections as they happen, until they are not wanted", async () => {
      const { probe, does } = await program(path);
      const take = async (): Promise<{ events: readonly Record<string, unknown>[]; dropped: number }> =>
        await answer(probe, "gc-events");
      await take();
      await does("gc.disable(); [gc.collect() for _ in range(3)]");
      const { events, dropped } = await take();
      expect([events.length, dropped]).toEqual([3, 0]);
      expect(events[2]).toMatchObject({ generation: 2, uncollectable: 0 });
      await does("[gc.collect(0) for _ in range(1500)]");
      expect(await take()).toMatchObject({ dropped: 1500 - 1024 });
      await answer(probe, "gc-stop");
      await does("assert not gc.callbacks");
    });

    it("a window of allocations names the line, and is closed with the connection", async () => {
      const { probe, does } = await program(path);
      await answer(probe, "trace-start", { frames: 2 });
      await does("kept.extend(bytearray(1000) for _ in range(500))");
      const top = await answer<Rows>(probe, "trace-top", { limit: 1 });
      expect(top.rows[0]?.bytes).toBeGreaterThan(500_000);
      expect(top).toMatchObject({ ended: null, frames: 2 });
      expect(await probe.request("trace-start")).toMatchObject({ ok: false });
      expect(await answer<Rows>(probe, "trace-stop", {})).toMatchObject({ ended: "asked" });
      expect(await answer(probe, "stats")).toMatchObject({ tracing: false });
    });

    it("a window ends by itself when its budget is used up", async () => {
      const { probe, does } = await program(path);
      await answer(probe, "trace-start", { mostTraces: 5000 });
      await does("kept.extend(bytearray(10) for _ in range(50000))");
      const ended = async (): Promise<boolean> => (await answer<{ tracing: boolean }>(probe, "stats")).tracing;
      while (await ended());
      expect(await answer<Rows>(probe, "trace-stop")).toMatchObject({ ended: "budget" });
    });

    it("tracing of the program's own is left alone", async () => {
      const { probe, does } = await program(path);
      await does("import tracemalloc; tracemalloc.start()");
      expect(await probe.request("trace-start")).toMatchObject({ ok: false });
      expect(await answer(probe, "stats")).toMatchObject({ tracing: true });
    });
  },
);
