// The thread around scan-share.ts.

import { parentPort } from "node:worker_threads";
import { ALL_RULES } from "../rules/all-rules.ts";
import type { HelperAnswer, HelperRequest, ScanDone } from "./scan-jobs.ts";
import { openScanTools, scanOne, type ScanTools } from "./scan-share.ts";

/** Answers one request after the other with the same tools: a reader's memory for each would be a whole collection for each. */
function startAnswering(): (request: HelperRequest) => Promise<void> {
  let tools: ScanTools | null = null;
  return async ({ id, jobs }) => {
    tools = await openScanTools(ALL_RULES, jobs, tools);
    const scan = tools;
    const done: HelperAnswer = { id, done: jobs.map((job) => packed(scanOne(job, scan))) };
    parentPort?.postMessage(done);
  };
}

function packed(done: ScanDone): ScanDone {
  return done.kind === "scanned" ? { kind: "packed", hash: done.hash, text: JSON.stringify(done.scan) } : done;
}

// A failure ends the thread, and the main thread scans the batch itself.
const answer = startAnswering();
parentPort?.on("message", (request: HelperRequest) => void answer(request));
