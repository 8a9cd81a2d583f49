// The thread around scan-share.ts.

import { parentPort } from "node:worker_threads";
import { ALL_RULES } from "../rules/all-rules.ts";
import type { HelperAnswer, HelperRequest, ScanDone } from "./scan-jobs.ts";
import { openScanTools, scanOne } from "./scan-share.ts";

async function answer({ id, jobs }: HelperRequest): Promise<void> {
  const tools = await openScanTools(ALL_RULES, jobs);
  const done: HelperAnswer = { id, done: jobs.map((job) => packed(scanOne(job, tools))) };
  parentPort?.postMessage(done);
}

function packed(done: ScanDone): ScanDone {
  return done.kind === "scanned" ? { kind: "packed", hash: done.hash, text: JSON.stringify(done.scan) } : done;
}

// A failure ends the thread, and the main thread scans the batch itself.
parentPort?.on("message", (request: HelperRequest) => void answer(request));
