// Makes V8's optimising compiler do less while sources are scanned. A scan is over before most of what is compiled pays: of the
// CPU of a cold scan more than half went into it, in threads of its own. Measured: bench/method.md, Scan.

import { setFlagsFromString } from "node:v8";

/** Bytecode that one function may take in from others; V8's own is 920. Functions that are given up again are made sooner. */
const MOST_INLINED_BYTES = 300;
/** Bytecode that runs before a function is looked at again; V8's own is 67,584. */
const BUDGET_BYTES = 132_000;
/** The V8 of Node 20, where it was measured. Later ones have another compiler before this one. */
const MEASURED_V8 = 11;

/** Holds for all threads of the process from now on. CPU falls by a quarter, and the main thread is not slower. */
export function calmCompiler(): void {
  if (Number.parseInt(process.versions.v8, 10) !== MEASURED_V8) return;
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${MOST_INLINED_BYTES}`);
  setFlagsFromString(`--interrupt-budget=${BUDGET_BYTES}`);
}
