// A tool that has a process copied, says so, and then reads for ever: to be killed.

import { readForked } from "../../../src/app/snapshot/read-fork.ts";

await readForked(Number(process.argv[2]), {
  maxPauseMs: 5000,
  values: false,
  progress: ({ phase }) => {
    if (phase === "copying the process") return;
    process.stdout.write("copied\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
