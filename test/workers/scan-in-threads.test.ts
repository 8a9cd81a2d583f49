// Threads run compiled files only (Node 20 starts no worker from TypeScript), so this test imports dist/.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type * as rulesModule from "../../src/rules/all-rules.ts";
import type { ScanDone } from "../../src/workers/scan-jobs.ts";
import type * as threadsModule from "../../src/workers/scan-in-threads.ts";

const DIST = join(import.meta.dirname, "../../dist");

async function scanWith(threads: number, count: number): Promise<ReadonlyMap<string, ScanDone>> {
  if (!existsSync(join(DIST, "workers/scan-thread.js")))
    throw new Error("dist/ has no workers: run `npm run build`, or the tests through `npm test`");
  const { scanInThreads } = (await import(join(DIST, "workers/scan-in-threads.js"))) as typeof threadsModule;
  const { ALL_RULES } = (await import(join(DIST, "rules/all-rules.js"))) as typeof rulesModule;
  const jobs = Array.from({ length: count }, (_, at) => {
    const text = `import functools\n\n@functools.cache\ndef load${at}(key):\n    return key\n`;
    const path = `m${at}.py`;
    const names = { path, absolute: `/${path}`, language: "python" as const, module: `m${at}` };
    const job = { ...names, isPackage: false, isTest: false, bytes: new TextEncoder().encode(text), knownHash: null };
    // As large as a batch, so that there is something to share.
    return { job, bytes: 256 * 1024 };
  });
  const done = new Map<string, ScanDone>();
  await scanInThreads(jobs, ALL_RULES, { threads, onDone: (job, each) => done.set(job.path, each) });
  return done;
}

function scanOf(done: ScanDone): unknown {
  if (done.kind === "packed") return JSON.parse(done.text);
  return done.kind === "scanned" ? JSON.parse(JSON.stringify(done.scan)) : null;
}

describe("a scan in threads", () => {
  it.each([1, 2, 3])("with %i of them says the same", async (threads) => {
    const alone = await scanWith(1, 12);
    const together = await scanWith(threads, 12);
    expect([...together.keys()].toSorted()).toEqual([...alone.keys()].toSorted());
    for (const [path, each] of together) expect(scanOf(each)).toEqual(scanOf(alone.get(path)!));
  });
  it("ends at once when there is nothing to do", async () => {
    expect((await scanWith(2, 0)).size).toBe(0);
  });
});
