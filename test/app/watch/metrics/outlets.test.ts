// Metrics over real HTTP: fetched, pushed, and to a collector that is not there.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openMetricsPush } from "../../../../src/app/watch/metrics/push-metrics.ts";
import { openMetricsServer } from "../../../../src/app/watch/metrics/serve-metrics.ts";
import { watchOfShop } from "../../../report/example-watches.ts";

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("metrics that are fetched", () => {
  it("are those of the last report", async () => {
    const port = await freePort();
    const opened = await openMetricsServer(`127.0.0.1:${port}`);
    if (!opened.ok) throw new Error(opened.error.message);
    onTestFinished(() => opened.value.close());
    const get = async (path: string): Promise<Response> => await fetch(`http://127.0.0.1:${port}${path}`);
    expect(await (await get("/metrics")).text()).toBe("# EOF\n");
    await opened.value.take(watchOfShop, () => null);
    const response = await get("/metrics");
    expect(response.headers.get("content-type")).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(await response.text()).toContain('deadweight_holder_entries{pid="4711",holder="0000000000000001"} 83114');
    expect((await get("/other")).status).toBe(404);
  });

  it.each(["here", "127.0.0.1:99999", "127.0.0.1:"])("%s is no address", async (address) => {
    expect(await openMetricsServer(address)).toMatchObject({ ok: false, error: { code: "usage" } });
  });

  it("a port that is taken is said before the watch begins", async () => {
    const port = await freePort();
    const first = await openMetricsServer(String(port));
    if (!first.ok) throw new Error(first.error.message);
    onTestFinished(() => first.value.close());
    expect(await openMetricsServer(String(port))).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^No metrics can be served at \d+: .*EADDRINUSE/) },
    });
  });
});

describe("metrics that are pushed", () => {
  it("reach the collector as OTLP", async () => {
    const bodies: { readonly path: string; readonly body: string }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (data: Buffer) => (body += data.toString()));
      request.on("end", () => {
        bodies.push({ path: request.url ?? "", body });
        response.end("{}");
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const opened = openMetricsPush({ url: `http://127.0.0.1:${port}`, toolVersion: "1.2.3", gapMs: 0 });
    if (!opened.ok) throw new Error(opened.error.message);
    expect(await opened.value.take(watchOfShop, () => null)).toEqual([]);
    await opened.value.close();
    expect(bodies[0]!.path).toBe("/v1/metrics");
    expect(JSON.parse(bodies[0]!.body)).toMatchObject({
      resourceMetrics: [{ scopeMetrics: [{ scope: { name: "deadweight", version: "1.2.3" } }] }],
    });
  });

  it("to nobody are said once", async () => {
    const opened = openMetricsPush({ url: `http://127.0.0.1:${await freePort()}`, toolVersion: "1", gapMs: 0 });
    if (!opened.ok) throw new Error(opened.error.message);
    const said: string[] = [];
    for (let count = 0; count < 3; count++) {
      said.push(...(await opened.value.take(watchOfShop, () => null)));
      await opened.value.close();
    }
    said.push(...(await opened.value.take(watchOfShop, () => null)));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^Metrics are not taken by http.*: .* It is tried again\.$/);
  });

  it.each(["collector:4318", "ftp://x"])("%s is no address", (url) => {
    expect(openMetricsPush({ url, toolVersion: "1" })).toMatchObject({ ok: false, error: { code: "usage" } });
  });
});
