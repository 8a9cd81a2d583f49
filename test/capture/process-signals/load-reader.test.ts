// Load signals: a real command, a real page.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openProcFs } from "../../../src/capture/proc-fs.ts";
import { commandLoad, counterLoad, lastNumberIn } from "../../../src/capture/process-signals/load-reader.ts";
import { readRunState } from "../../../src/capture/process-signals/run-state.ts";
import { sumOfSamples } from "../../../src/capture/process-signals/prometheus-text.ts";

const PAGE = `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{method="GET",path="/a\\"}b"} 100 1700000000
http_requests_total{method="POST"} 2.5e1
http_requests_total_size 7
process_cpu_seconds_total 12.5
broken_total NaN
`;

describe("a command", () => {
  it("gives the last number it prints", async () => {
    expect(await commandLoad("echo started 7; echo requests: 1250").read()).toBe(1250);
    expect([lastNumberIn("a1 0.5 v2.0x"), lastNumberIn("-1e3\n"), lastNumberIn("none")]).toEqual([0.5, -1000, null]);
  });

  it("that fails, says nothing, or does not exist has no answer", async () => {
    expect(await commandLoad("echo 5; exit 3").read()).toBeNull();
    expect(await commandLoad("true").read()).toBeNull();
    expect(await commandLoad("/no/such/program").read()).toBeNull();
  });

  it("that takes too long is ended with all it started", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dw-load-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "pid");
    expect(await commandLoad(`sleep 600 & echo $! >${file}; wait; echo 1`, 1000).read()).toBeNull();
    const pid = Number(readFileSync(file, "utf8"));
    // Where nobody reaps orphans it stays as a zombie.
    await expect.poll(() => readRunState(openProcFs(), pid)?.isDead ?? true).toBe(true);
  });
});

describe("a counter", () => {
  it("is summed over its labels", () => {
    expect(sumOfSamples(PAGE, "http_requests_total")).toBe(125);
    expect(sumOfSamples(PAGE, "http_requests")).toBe(125);
    expect(sumOfSamples(PAGE, "process_cpu_seconds_total")).toBe(12.5);
    expect([sumOfSamples(PAGE, "broken_total"), sumOfSamples(PAGE, "other")]).toEqual([null, null]);
  });

  it("is read from the page that was named, and from no other", async () => {
    const server = await serve((path) => (path === "/metrics" ? PAGE : null));
    const { port } = server.address() as AddressInfo;
    const reader = counterLoad(`http://127.0.0.1:${port}/metrics#http_requests_total`);
    expect(reader.ok && (await reader.value.read())).toBe(125);
    const elsewhere = counterLoad(`http://127.0.0.1:${port}/moved#http_requests_total`);
    expect(elsewhere.ok && (await elsewhere.value.read())).toBeNull();
  });

  it("needs a web address with a counter", () => {
    const problems = ["metrics", "file:///etc/passwd#a", "http://127.0.0.1/metrics"].map((text) => {
      const reader = counterLoad(text);
      return reader.ok ? null : reader.error;
    });
    expect(problems).toEqual(["not-a-url", "not-http", "no-counter"]);
  });
});

/** Paths without a text lead to /metrics. */
async function serve(textOf: (path: string) => string | null): Promise<Server> {
  const server = createServer((request, response) => {
    const text = textOf(request.url ?? "");
    response.writeHead(text === null ? 302 : 200, text === null ? { location: "/metrics" } : {}).end(text ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return server;
}
