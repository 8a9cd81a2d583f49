// Threads run compiled files only (Node 20 starts no worker from TypeScript), so these tests import dist/.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type * as captureModule from "../../src/capture/capture-process.ts";
import type * as identifyModule from "../../src/app/identify-target.ts";
import type * as readHeapModule from "../../src/heap/read-heap.ts";
import type * as analyseModule from "../../src/heap/analyse.ts";
import type * as threadsModule from "../../src/workers/helper-threads.ts";
import type * as inThreadsModule from "../../src/workers/read-heap-in-threads.ts";

const DIST = join(import.meta.dirname, "../../dist");

export interface Built {
  readonly capture: typeof captureModule;
  readonly identify: typeof identifyModule;
  readonly readHeap: typeof readHeapModule;
  readonly analyse: typeof analyseModule;
  readonly threads: typeof threadsModule;
  readonly inThreads: typeof inThreadsModule;
}

/** The compiled modules. `npm test` builds them first. */
export async function importBuilt(): Promise<Built> {
  if (!existsSync(join(DIST, "workers/heap-thread.js")))
    throw new Error("dist/ has no workers: run `npm run build`, or the tests through `npm test`");
  const load = (path: string): Promise<unknown> => import(join(DIST, path));
  const [capture, identify, readHeap, analyse, threads, inThreads] = await Promise.all([
    load("capture/capture-process.js"),
    load("app/identify-target.js"),
    load("heap/read-heap.js"),
    load("heap/analyse.js"),
    load("workers/helper-threads.js"),
    load("workers/read-heap-in-threads.js"),
  ]);
  return { capture, identify, readHeap, analyse, threads, inThreads } as Built;
}
