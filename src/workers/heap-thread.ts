// The thread around heap-share.ts.

import { parentPort } from "node:worker_threads";
import type { HeapDone, HeapJob, HelperMessage } from "./heap-jobs.ts";
import { createHeapShare } from "./heap-share.ts";

const send = (message: HelperMessage, handedOver: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, handedOver);
// There is a `gc` when the program has asked for one (app/collect-now.ts).
const share = createHeapShare(
  () => send({ kind: "ask" }),
  () => globalThis.gc?.(),
);
parentPort?.on("message", (job: HeapJob) => {
  const done = share.run(job);
  send({ kind: "done", done }, ownMemory(done));
});

/** Large results go over without being copied. */
function ownMemory(done: HeapDone): readonly ArrayBuffer[] {
  if (done.kind !== "weigh") return [];
  const { tree, retainedBytes, retainedCounts } = done.weights;
  const buffers = [tree.idom, tree.containers, retainedBytes, retainedCounts].map((array) => array.buffer);
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}
