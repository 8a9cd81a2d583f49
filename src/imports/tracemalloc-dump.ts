// A file of `tracemalloc.Snapshot.dump`: traces of the blocks that were alive. Lib/tracemalloc.py, Snapshot and _Traces; a trace
// is (domain, bytes, frames) in 3.8 and (domain, bytes, frames, frames in all) from 3.9 on, the most recent call first.

import { fail, ok, type Result } from "../base/result.ts";
import { LineSums, type ReadLines } from "./line-sums.ts";
import { isInstance, type PickleValue, readPickle } from "./pickle-values.ts";

/** True when a file begins as a pickle of protocol 4 or 5, which is what a dump is. */
export function isPickle(start: Uint8Array): boolean {
  return start[0] === 0x80 && (start[1] === 4 || start[1] === 5);
}

/** `bytes`: the whole file. Fails with what is wrong, as the end of a sentence. Executes nothing. */
export function readTracemallocDump(bytes: Uint8Array): Result<ReadLines, string> {
  const sums = new LineSums();
  let broken = 0;
  const read = readPickle(bytes, (item) => {
    if (!addTrace(sums, item)) broken += 1;
  });
  if (!read.ok) return read;
  if (!isInstance(read.value) || read.value.of !== "tracemalloc.Snapshot") return fail("it holds no snapshot");
  if (broken > 0) return fail(`${broken} of its traces have an unexpected shape`);
  return ok({ ...sums.finish(), tool: "tracemalloc", kept: "alive", isComplete: true, warnings: [] });
}

function addTrace(sums: LineSums, trace: PickleValue): boolean {
  if (!Array.isArray(trace) || trace.length < 3 || trace.length > 4) return false;
  const [, bytes, frames] = trace as readonly PickleValue[];
  const newest = Array.isArray(frames) ? (frames as readonly PickleValue[])[0] : undefined;
  if (typeof bytes !== "number" || !Array.isArray(newest) || newest.length !== 2) return false;
  const [file, line] = newest as readonly PickleValue[];
  if (typeof file !== "string" || typeof line !== "number") return false;
  sums.add({ file, line, function: null }, bytes, 1);
  return true;
}
