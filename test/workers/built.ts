// Threads run compiled files only (Node 20 starts no worker from TypeScript), so these tests import dist/.

import { existsSync } from "node:fs";
import { join } from "node:path";

const DIST = join(import.meta.dirname, "../../dist");

export interface Built {
  readonly capture: typeof import("../../src/capture/capture-process.ts");
  readonly identify: typeof import("../../src/app/identify-target.ts");
  readonly readHeap: typeof import("../../src/heap/read-heap.ts");
  readonly analyse: typeof import("../../src/heap/analyse.ts");
  readonly threads: typeof import("../../src/workers/helper-threads.ts");
  readonly inThreads: typeof import("../../src/workers/read-heap-in-threads.ts");
}

/** The compiled modules. `npm test` builds them first. */
export async function importBuilt(): Promise<Built> {
  if (!existsSync(join(DIST, "workers/heap-worker.js")))
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
