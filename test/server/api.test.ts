// The API on a real process that leaks: each answer fits the schema that the description of the API gives for it.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Diagnosis } from "../../src/model/diagnosis.ts";
import type { DiffReport, TopReport, WhyReport } from "../../src/model/heap-reports.ts";
import type { JobList, NeighbourhoodReport, ProcessList, RetentionRow } from "../../src/model/page-reports.ts";
import type { QueryReport } from "../../src/model/query-report.ts";
import { PAGE_SCHEMAS } from "../../src/report/schema/page-schemas.ts";
import { SCHEMAS } from "../../src/report/schema/all-schemas.ts";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { strictReader } from "../report/strict-schema.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { type Serving, startServing } from "./start-serving.ts";

const TOOL = join(import.meta.dirname, "../../bin/deadweight.mjs");
const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const SHOP = `
import sys, time
class Session:
    def __init__(self, number):
        self.user = "private-%d" % number
SESSIONS = {}
def visit(number):
    SESSIONS[number] = Session(number)
print("ready", flush=True)
number = 0
while True:
    for _ in range(50):
        visit(number)
        number += 1
    time.sleep(0.02)
`;

let folder: string;
let shop: ChildProcess;
let server: Serving;
let ids: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dw-api-"));
  shop = spawn(PYTHON, ["-c", SHOP], { stdio: ["ignore", "pipe", "inherit"] });
  await waitForLine(shop, "ready");
  for (const name of ["first", "second"])
    execFileSync(process.execPath, [
      TOOL,
      "snapshot",
      String(shop.pid),
      "--values",
      "-o",
      join(folder, `${name}.dwsnap`),
    ]);
  server = await startServing([join(folder, "first.dwsnap"), join(folder, "second.dwsnap")], { folder });
  const listed = (await server.ask("/api/snapshots")).json<{ snapshots: readonly { id: string; name: string }[] }>();
  ids = ["first", "second"].map((name) => listed.snapshots.find((each) => each.name === `${name}.dwsnap`)?.id ?? "");
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await endProcess(shop);
  rmSync(folder, { recursive: true, force: true });
});

async function told<T>(path: string, schema: object | undefined): Promise<T> {
  const reply = await server.ask(path);
  expect([path, reply.status, reply.status === 200 ? "" : reply.text]).toEqual([path, 200, ""]);
  const document = reply.json<T>();
  expect(strictReader((schema ?? {}) as Readonly<Record<string, unknown>>)(document)).toEqual([]);
  return document;
}

const ofHeap = (question: string): string => `/api/snapshots/${ids[1]}${question}`;

describe("a heap", () => {
  it("is what it is", async () => {
    expect(await told(ofHeap(""), PAGE_SCHEMAS.heap)).toMatchObject({ pid: shop.pid });
  });

  it("is led by what the program leaks", async () => {
    const top = await told<TopReport>(ofHeap("/top?limit=5"), SCHEMAS["top"]);
    expect(top.byHolder[0]?.holder.path).toContain("SESSIONS");
    expect(top.byHolder).toHaveLength(5);
  });

  it("says what holds an object", async () => {
    const why = await told<WhyReport>(ofHeap("/why?selector=__main__.Session"), SCHEMAS["why"]);
    expect(why.groups[0]?.pattern).toContain("SESSIONS[*]");
  });

  it("answers queries, and says where one is wrong", async () => {
    const query = encodeURIComponent("Session group by type");
    const answer = await told<QueryReport>(ofHeap(`/query?q=${query}`), SCHEMAS["query"]);
    expect(answer.groups?.[0]).toMatchObject({ name: "__main__.Session", count: answer.matched });
    const wrong = await server.ask(ofHeap("/query?q=dict+wheer+entries"));
    expect([wrong.status, wrong.json()]).toMatchObject([422, { code: "query" }]);
  });

  it("is whole as a tree: what its rows own adds up", async () => {
    const { root, liveBytes } = await told<{ root: RetentionRow; liveBytes: number }>(
      ofHeap("/retention?rows=500"),
      PAGE_SCHEMAS.retention,
    );
    const own = (row: RetentionRow): number => row.below.reduce((sum, each) => sum + own(each), row.ownBytes);
    expect(own(root)).toBe(root.retainedBytes);
    expect(root.retainedBytes).toBeLessThanOrEqual(liveBytes);
    expect(JSON.stringify(root)).toContain("SESSIONS");
  });

  it("has surroundings", async () => {
    const near = await told<NeighbourhoodReport>(
      ofHeap("/neighbourhood?selector=__main__.SESSIONS&limit=10"),
      PAGE_SCHEMAS.neighbourhood,
    );
    expect(near.nodes.find(({ isSubject }) => isSubject)?.name).toContain("SESSIONS");
  });

  it("keeps its values to itself, though they are in the file", async () => {
    const query = encodeURIComponent("str order by size limit 1000");
    const replies = [
      await server.ask(ofHeap(`/query?q=${query}`)),
      await server.ask(ofHeap("/why?selector=__main__.Session&limit=20")),
    ];
    for (const { text } of replies) expect(text).not.toContain("private-");
    await using open = await startServing(["--values", join(folder, "second.dwsnap")], { folder });
    const [row] = (await open.ask("/api/snapshots")).json<{ snapshots: readonly { id: string }[] }>().snapshots;
    const found = await open.ask(
      `/api/snapshots/${row?.id}/query?q=${encodeURIComponent('str where text ~ "private-1*"')}`,
    );
    expect(found.text).toContain("private-1");
  });

  it("that is not there is said", async () => {
    const reply = await server.ask("/api/snapshots/0123456789abcdef/top");
    expect([reply.status, reply.json()]).toMatchObject([404, { code: "no-such-snapshot" }]);
  });

  it.each([
    ["/top?limit=x", "whole number"],
    ["/top?limit=100000", "at most"],
    ["/why", "missing"],
    ["/query", "missing"],
  ])("is not asked nonsense: %s", async (question, said) => {
    const reply = await server.ask(ofHeap(question));
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(said)]);
  });
});

describe("a process", () => {
  it("is listed, without what its command line must not tell", async () => {
    const { processes } = await told<ProcessList>("/api/processes", PAGE_SCHEMAS.processes);
    expect(processes.map(({ pid }) => pid)).toContain(shop.pid);
  });

  it("says whether it can be read", async () => {
    expect(await told(`/api/processes/${shop.pid}`, SCHEMAS["doctor"])).toMatchObject({ readable: true });
  });

  it("is read into a snapshot that is listed then", async () => {
    const report = await server.job<{ readonly file: string }>("/api/snapshots", { pid: shop.pid });
    const { snapshots } = (await server.ask("/api/snapshots")).json<{ snapshots: readonly { name: string }[] }>();
    expect(report.file).toContain(snapshots[0]?.name ?? "none");
  });

  it("is watched for as long as somebody looks", async () => {
    const before = threadsOf(server.pid);
    const reports = await firstEvents(`/api/processes/${shop.pid}/watch`, 2);
    for (const report of reports) expect(strictReader(SCHEMAS["watch"] ?? {})(report)).toEqual([]);
    await expect.poll(() => threadsOf(server.pid), { timeout: 10_000 }).toBeLessThanOrEqual(before);
  });

  it("is diagnosed, and a diagnosis that is ended early says what it has seen", async () => {
    const started = await server.ask("/api/diagnoses", { method: "POST", body: { pid: shop.pid, seconds: 3600 } });
    const { id } = started.json<{ id: string }>();
    const watching = (await firstEvents(`/api/jobs/${id}/events`, 3)).at(-1);
    expect(watching).toMatchObject({ state: "running", kind: "diagnosis" });
    await new Promise((settle) => setTimeout(settle, 3000));
    await server.ask(`/api/jobs/${id}`, { method: "DELETE" });
    await server.ask(`/api/jobs/${id}/events`);
    const diagnosis = await told<Diagnosis>(`/api/jobs/${id}/result`, SCHEMAS["diagnose"]);
    expect(diagnosis.target.pid).toBe(shop.pid);
    expect(diagnosis.window.seconds).toBeLessThan(600);
  });

  it("that is gone is said by the job", async () => {
    const started = await server.ask("/api/snapshots", { method: "POST", body: { pid: 2 ** 22 + 1 } });
    const { id } = started.json<{ id: string }>();
    await server.ask(`/api/jobs/${id}/events`);
    const jobs = await told<JobList>("/api/jobs", PAGE_SCHEMAS.jobs);
    expect(jobs.jobs.find((job) => job.id === id)).toMatchObject({
      state: "failed",
      problem: { code: "no-such-process" },
    });
  });
});

describe("two heaps", () => {
  it("are compared, the oldest first", async () => {
    const diff = await server.job<DiffReport>("/api/comparisons", { snapshots: ids });
    expect(strictReader(SCHEMAS["diff"] ?? {})(diff)).toEqual([]);
    expect(diff.snapshots.map(({ file }) => file)).toEqual(["first.dwsnap", "second.dwsnap"]);
    expect(diff.holders[0]?.holder.path).toContain("SESSIONS");
  });
});

describe("the description", () => {
  it("names every route, and its answers' schemas can be read alone", async () => {
    const description = (await server.ask("/api/openapi.json")).json<{
      openapi: string;
      paths: Readonly<Record<string, object>>;
    }>();
    expect(description.openapi).toBe("3.1.0");
    expect(Object.keys(description.paths)).toContain("/api/snapshots/{id}/top");
    expect(JSON.stringify(description)).toContain("urn:deadweight:deadweight-top-json");
  });
});

function threadsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).length;
}

/** Of a stream of events; it is left then. */
async function firstEvents(path: string, count: number): Promise<readonly unknown[]> {
  const response = await fetch(new URL(path, server.address), {
    headers: { authorization: `Bearer ${server.token}` },
  });
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece as Uint8Array, { stream: true });
    const data = text
      .split("\n\n")
      .slice(0, -1)
      .flatMap((each) => /^data: (.*)$/m.exec(each)?.[1] ?? []);
    if (data.length < count) continue;
    // Leaving the loop closes the connection.
    return data.slice(0, count).map((each) => JSON.parse(each) as unknown);
  }
  throw new Error(`fewer than ${count} events: ${text}`);
}
