// `GET /metrics` of a server, as a monitoring system fetches it.

import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { refusedServing, type Serving, startServing } from "./start-serving.ts";

const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const TOKEN = "0123456789abcdef-scraper";
const BEARER = { authorization: `Bearer ${TOKEN}` };

const folder = temporaryFolder();
let shop: ChildProcess;
let server: Serving;
beforeAll(async () => {
  const program = "import time\nKEPT = {n: str(n) for n in range(5000)}\nprint('ready', flush=True)\ntime.sleep(600)\n";
  shop = spawn(PYTHON, ["-c", program], { stdio: ["ignore", "pipe", "inherit"] });
  await waitForLine(shop, "ready");
  server = await startServing([], { folder: folder.path, environment: { DEADWEIGHT_METRICS_TOKEN: TOKEN } });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  if (shop !== undefined) await endProcess(shop);
  folder[Symbol.dispose]();
});

describe("metrics of a server", () => {
  it("are told to nobody without a token, nor to pages of other sites", async () => {
    expect((await server.plain("/metrics")).status).toBe(401);
    expect((await server.plain("/metrics", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await server.plain("/metrics", { headers: { ...BEARER, origin: "https://evil.example" } })).status).toBe(
      403,
    );
    expect((await server.plain("/metrics", { headers: { ...BEARER, host: "evil.example" } })).status).toBe(403);
  });

  it("are OpenMetrics text, empty before any process was asked for", async () => {
    const { status, headers, text } = await server.plain("/metrics", { headers: BEARER });
    expect([status, text]).toEqual([200, "# EOF\n"]);
    expect(headers["content-type"]).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
  });

  it("follow a process from the first question on", { timeout: 60_000 }, async () => {
    let reply = await server.plain(`/metrics?pid=${shop.pid}`, { headers: BEARER });
    // On a busy machine the first snapshot takes longer than a scraper waits.
    while (reply.status === 503) {
      expect(reply.text).toContain("has only begun");
      reply = await server.plain(`/metrics?pid=${shop.pid}`, { headers: BEARER });
    }
    expect(reply.text).toMatch(new RegExp(`^deadweight_resident_memory_bytes\\{.*pid="${shop.pid}".*\\} \\d+$`, "m"));
    expect(reply.text).toMatch(/\n# EOF\n$/);
    expect((await server.ask("/metrics")).text).toContain("deadweight_threads");
  });

  it("say which process cannot be followed", async () => {
    const reply = await server.plain("/metrics?pid=999999999", { headers: BEARER });
    expect([reply.status, reply.text.includes("999999999")]).toEqual([503, true]);
    expect((await server.plain("/metrics?pid=x", { headers: BEARER })).status).toBe(400);
  });

  it("are all that their token opens", async () => {
    for (const path of ["/api/processes", "/api/snapshots", "/api/openapi.json"])
      expect((await server.plain(path, { headers: BEARER })).status).toBe(401);
  });
});

it("a token for metrics that could be guessed is refused", async () => {
  process.env["DEADWEIGHT_METRICS_TOKEN"] = "short";
  try {
    const { code, said } = await refusedServing([]);
    expect([code, said.replaceAll(/\s+/g, " ").includes("fewer than 16 characters")]).toEqual([2, true]);
  } finally {
    delete process.env["DEADWEIGHT_METRICS_TOKEN"];
  }
});
