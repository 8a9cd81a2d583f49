// Until when a process was still importing: growth before that moment may be its code.

import type { TimedHeap } from "./observation.ts";

/** New code by this share counts; programs make the odd function while they run. */
const TELLING_SHARE = 0.005;
const TELLING_COUNT = 20;

/** The moment of the last snapshot that has clearly more code objects than the one before; 0 when there is none. */
export function unsettledUntil(heaps: readonly TimedHeap[]): number {
  let untilMs = 0;
  let before: number | null = null;
  for (const { atMs, analysis } of heaps) {
    const now = analysis.snapshot.codes.filter(({ file }) => !isMadeAtRunTime(file)).length;
    if (before !== null && now - before >= Math.max(TELLING_COUNT, before * TELLING_SHARE)) untilMs = atMs;
    before = now;
  }
  return untilMs;
}

/** "<attrs generated init app.Row>", "<string>": made by a program that makes classes, with each of them, for as long as it runs. */
function isMadeAtRunTime(file: string): boolean {
  return file.startsWith("<");
}
