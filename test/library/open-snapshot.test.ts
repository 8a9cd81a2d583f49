// `import { openSnapshot } from "deadweight"` on a snapshot of a real process.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeadweightError, type OpenSnapshot, openSnapshot } from "../../src/library/deadweight.ts";
import { endProcess, waitForLine } from "../capture/start-target.ts";
import { findInterpreters } from "../support/interpreters.ts";

const TOOL = join(import.meta.dirname, "../../bin/deadweight.mjs");
const PYTHON = findInterpreters().at(-1)?.path ?? "python3";
const SHOP = `
import time
class Session:
    def __init__(self, number):
        self.user = "private-%d" % number
SESSIONS = {number: Session(number) for number in range(1000)}
print("ready", flush=True)
time.sleep(60)
`;

let folder: string;
let file: string;
let heap: OpenSnapshot;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dw-library-"));
  file = join(folder, "shop.dwsnap");
  const shop = spawn(PYTHON, ["-c", SHOP], { stdio: ["ignore", "pipe", "inherit"] });
  await waitForLine(shop, "ready");
  execFileSync(process.execPath, [TOOL, "snapshot", String(shop.pid), "--values", "-o", file]);
  await endProcess(shop);
  heap = await openSnapshot(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a snapshot that a program opens", () => {
  it("says what it is", () => {
    expect(heap.summary.nodes).toBeGreaterThan(1000);
    expect(heap.summary.exactness).toBeGreaterThan(0.95);
  });

  it("says what holds the memory, and what holds an object", () => {
    expect(heap.top({ limit: 3 }).byHolder).toHaveLength(3);
    const why = heap.why("__main__.Session", { limit: 1 });
    expect([why.matched, why.subjects.length]).toEqual([1000, 1]);
    expect(why.groups[0]?.pattern).toContain("SESSIONS[*]");
  });

  it("answers queries", () => {
    expect(heap.query("Session group by type").groups).toMatchObject([{ name: "__main__.Session", count: 1000 }]);
  });

  it("can be drawn", () => {
    expect(heap.retention().root.retainedBytes).toBeGreaterThan(0);
    expect(heap.neighbourhood("__main__.SESSIONS", { limit: 10 }).nodes.length).toBeGreaterThan(5);
  });

  it("keeps its values to itself, unless they are asked for", async () => {
    const query = 'str where text ~ "private-*"';
    expect(heap.query(query).matched).toBe(0);
    expect((await openSnapshot(file, { values: true })).query(query).matched).toBeGreaterThanOrEqual(1000);
  });

  it("throws what cannot be done, with a code and a sentence", async () => {
    expect(() => heap.why("nobody.at.all")).toThrow(DeadweightError);
    expect(() => heap.query("dict wheer")).toThrow(expect.objectContaining({ code: "query" }));
    await expect(openSnapshot(join(folder, "none.dwsnap"))).rejects.toMatchObject({ code: "source-not-found" });
    const other = join(folder, "other.dwsnap");
    writeFileSync(other, "no snapshot at all, but long enough to be looked at".repeat(20));
    await expect(openSnapshot(other)).rejects.toMatchObject({ code: "not-a-snapshot" });
  });
});
