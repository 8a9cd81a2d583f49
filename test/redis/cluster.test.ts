// Tier and stream on a cluster of three primaries, also while slots move.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearOnRedis } from "../../src/app/caches/redis-clear.ts";
import { slotOfKey } from "../../src/client/redis-nodes.ts";
import { controlKeys, generationKey } from "../../src/client/tier-protocol.ts";
import { nodeClient } from "./conformance-node.ts";
import { type PythonDriver, startPython } from "./conformance-python.ts";
import type { ConformanceClient } from "./conformance-step.ts";
import { findServerPrograms } from "./server-programs.ts";
import { startCluster, type TestCluster, type TestServer } from "./start-server.ts";

describe("slots of keys", () => {
  it("are those of the specification", () => {
    expect(["123456789", "foo", "{foo}.bar"].map(slotOfKey)).toEqual([0x31c3, 12_182, 12_182]);
    expect(slotOfKey("foo{}{bar}")).not.toBe(slotOfKey("bar"));
    expect(slotOfKey("foo{{bar}}zap")).toBe(slotOfKey("{bar"));
  });
});

describe.each(findServerPrograms().map((program) => [program.kind, program] as const))("%s", (kind, program) => {
  if (!("path" in program)) {
    it.skip(`${kind}: ${program.reason}`, () => undefined);
    return;
  }
  let cluster: TestCluster;
  let driver: PythonDriver;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dw-cluster-"));
    driver = startPython();
    cluster = await startCluster(program);
  });
  afterAll(async () => {
    await driver[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it("shares values and clears, whichever node has them", async () => {
    const define = { name: "f", namespace: "n", tags: ["x:{x}"], arguments: ["x"] };
    await using a = nodeClient(cluster.url, "spread", define);
    await using b = await driver.client(cluster.url, "spread", define);
    for (let x = 0; x < 20; x++) {
      expect(await a.do({ call: { x }, source: x })).toEqual({ value: x, loaded: true });
      expect(await b.do({ call: { x }, source: -1 })).toEqual({ value: x, loaded: false });
    }
    expect(await Promise.all([a, b].map(async (each) => await each.do({ confirmed: true })))).toHaveLength(2);
    const report = await clearOnRedis(
      {
        app: "spread",
        selector: "tag:x:7",
        reason: "a test",
        share: 1,
        isDryRun: false,
        canary: null,
        environment: { DEADWEIGHT_AUDIT: folder },
      },
      cluster.url,
    );
    expect(report).toMatchObject({ ok: true, value: { outcome: "complete" } });
    expect(report.ok && report.value.receipts.map(({ state }) => state)).toEqual(["applied", "applied"]);
    expect(await b.do({ call: { x: 7 }, source: "new" })).toEqual({ value: "new", loaded: true });
    expect(await a.do({ call: { x: 7 }, source: "newer" })).toEqual({ value: "new", loaded: false });
    expect(await a.do({ call: { x: 8 }, source: "new" })).toEqual({ value: 8, loaded: false });
  });

  it("follows slots that move: of a token, and of the stream", async () => {
    const define = { name: "f", maxsize: 0, arguments: ["x"] };
    await using a = nodeClient(cluster.url, "moving", define);
    await using b = await driver.client(cluster.url, "moving", define);
    for (const client of [a, b]) expect(await client.do({ confirmed: true })).toEqual({ confirmed: true });
    const load = async (client: ConformanceClient, source: number): Promise<unknown> =>
      await client.do({ call: { x: 1 }, source });
    expect(await load(a, 1)).toEqual({ value: 1, loaded: true });
    const move = await beginMove(cluster, slotOfKey(generationKey("moving", "fn:f")));
    // Its keys are on the other node by now, and the first one says so: ASK. A token from another node is another one.
    expect(await load(a, 2)).toEqual({ value: 2, loaded: true });
    expect(await load(b, 3)).toEqual({ value: 2, loaded: false });
    await move.end();
    expect(await load(b, 4)).toEqual({ value: 2, loaded: false });
    expect(await load(a, 5)).toEqual({ value: 2, loaded: false });
    const stream = await beginMove(cluster, slotOfKey(controlKeys("moving").stream));
    await stream.end();
    const { id } = (await a.do({ clear: ["fn:f"] })) as { readonly id: string };
    for (const client of [a, b]) expect(await client.do({ settled: true, id })).toEqual({ settled: true });
    expect(await load(b, 6)).toEqual({ value: 6, loaded: true });
  });
});

/** Moves the keys of a slot to another node. Until `end` the cluster says ASK, then MOVED. */
async function beginMove({ nodes }: TestCluster, slot: number): Promise<{ end(): Promise<void> }> {
  const at = nodes.findIndex((_, index) => slot < Math.ceil((16_384 / 3) * (index + 1)));
  const from = nodes[at] as TestServer;
  const to = nodes[(at + 1) % nodes.length] as TestServer;
  const [fromId, toId] = await Promise.all(
    [from, to].map(async (node) => (await node.ask("CLUSTER", "MYID")).split("\r\n")[1] ?? ""),
  );
  const number = String(slot);
  await to.ask("CLUSTER", "SETSLOT", number, "IMPORTING", fromId ?? "");
  await from.ask("CLUSTER", "SETSLOT", number, "MIGRATING", toId ?? "");
  const keys = (await from.ask("CLUSTER", "GETKEYSINSLOT", number, "100"))
    .split("\r\n")
    .filter((_, line) => line > 0 && line % 2 === 0);
  for (const key of keys.filter((each) => each !== ""))
    expect(await from.ask("MIGRATE", "127.0.0.1", String(to.port), key, "0", "5000")).toBe("+OK\r\n");
  return {
    end: async () => {
      for (const node of [to, from, ...nodes]) await node.ask("CLUSTER", "SETSLOT", number, "NODE", toId ?? "");
    },
  };
}
