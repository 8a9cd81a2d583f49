// The files in the programs that they are for: a real process, exported, opened by memlab and held against speedscope's schema.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportHeap } from "../../src/app/export/export-heap.ts";
import { openHeap, type OpenHeap } from "../../src/app/open-heap.ts";
import type { HeapFormatName } from "../../src/model/export-report.ts";
import { queryWhy } from "../../src/app/heap-queries.ts";
import { findInterpreters } from "../support/interpreters.ts";
import { npmFolder } from "../support/npm-folder.ts";

const MEMLAB = "@memlab/core@2.0.5";
const SPEEDSCOPE = "speedscope@1.25.0";

const PROGRAM = `
import functools, sys, time
class Session:
    def __init__(self, number): self.number, self.cart = number, [str(number)] * 20
SESSIONS = {number: Session(number) for number in range(2000)}
@functools.lru_cache(None)
def price(number): return {"number": number, "lines": [number]}
for number in range(500): price(number)
print("ready", flush=True)
time.sleep(120)
`;

/** Prints the three objects that retain most, with their dominators, as JSON. */
const ASK_MEMLAB = `
const { analysis, config, utils } = require("@memlab/core");
config.muteConsole = true;
(async () => {
  const heap = await utils.getSnapshotFromFile(process.argv[1], { buildNodeIdIndex: true });
  analysis.preparePathFinder(heap);
  const found = [];
  heap.nodes.forEach((node) => {
    found.push({ bytes: node.retainedSize, name: node.name, above: node.dominatorNode?.name ?? "" });
  });
  found.sort((a, b) => b.bytes - a.bytes);
  process.stdout.write("\\nanswer " + JSON.stringify(found.slice(0, 12)) + "\\n");
})();
`;

let folder: string;
let heap: OpenHeap;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deadweight-consumers-"));
  const python = findInterpreters().at(-1);
  if (python === undefined) throw new Error("no interpreter");
  const child = spawn(python.path, ["-c", PROGRAM], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data");
    const opened = await openHeap(String(child.pid), { maxPauseMs: 5000, values: false, progress: () => {} });
    if (!opened.ok) throw new Error(opened.error.code);
    heap = opened.value;
  } finally {
    child.kill("SIGKILL");
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function exported(format: HeapFormatName): Promise<string> {
  const path = join(folder, `heap.${format}`);
  const asked = { source: "", format, around: null, table: "holders", limit: null, toolVersion: "1.2.3" } as const;
  const done = await exportHeap(heap, { ...asked, target: { kind: "file", path } }, () => {});
  if (!done.ok) throw new Error(done.error.sentence);
  return path;
}

function retainedBytes(selector: string): number {
  const report = queryWhy(heap.snapshot, selector, {}, heap.analysis);
  if (!report.ok) throw new Error(report.error.sentence);
  return report.value.subjects[0]?.retainedBytes ?? 0;
}

describe("memlab", { timeout: 180_000 }, () => {
  it("finds the same dominators and retained sizes in a heapsnapshot", async (context) => {
    const npm = npmFolder([MEMLAB]);
    if ("reason" in npm) return context.skip(npm.reason);
    const file = await exported("heapsnapshot");
    const environment = { ...process.env, NODE_PATH: npm.modules };
    const printed = execFileSync(process.execPath, ["-e", ASK_MEMLAB, file], { env: environment, encoding: "utf8" });
    const answer = /^answer (.*)$/m.exec(printed)?.[1] ?? "[]";
    const found = JSON.parse(answer) as { bytes: number; name: string; above: string }[];
    const sessions = retainedBytes("__main__.SESSIONS");
    const price = retainedBytes("__main__.price");
    expect(sessions).toBeGreaterThan(500_000);
    expect(found).toContainEqual({ bytes: sessions, name: "dict", above: "dict" });
    expect(found).toContainEqual({ bytes: price, name: "functools._lru_cache_wrapper", above: "dict" });
  });
});

describe("speedscope", { timeout: 180_000 }, () => {
  it("accepts its file: the schema it publishes", async (context) => {
    const npm = npmFolder([SPEEDSCOPE]);
    if ("reason" in npm) return context.skip(npm.reason);
    const schema = readFileSync(join(npm.modules, "speedscope/dist/release/file-format-schema.json"), "utf8");
    const validate = new Ajv({ strict: false }).compile(JSON.parse(schema) as object);
    const isValid = validate(JSON.parse(readFileSync(await exported("speedscope"), "utf8")));
    expect([isValid, validate.errors]).toEqual([true, null]);
  });
});

describe("pprof", () => {
  it("is gzipped: its readers ask for it", async () => {
    const bytes = readFileSync(await exported("pprof"));
    expect([bytes[0], bytes[1]]).toEqual([0x1f, 0x8b]);
  });
});
