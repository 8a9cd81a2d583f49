// Which places of the program grew while allocations were traced: two snapshots from outside, compared as `diff` does.

import type { Snapshot } from "../../heap/snapshot.ts";
import type { Progress } from "../../model/progress.ts";
import { queryDiff } from "../heap-queries.ts";
import { readTarget } from "../open-heap.ts";

const MAX_PAUSE_MS = 5000;
const MOST_PLACES = 3;
const OWN_PACKAGE = "_deadweight_";
/** `sys.modules['app.sessions'].REGISTRY.entries`: what the probe can find again without running code of the program. */
const GLOBAL = /^sys\.modules\['([\w.]+)'\]\.([\w.]+)$/;

/** Null when the process cannot be read from outside now. */
export async function takeHeap(pid: number, progress: Progress): Promise<Snapshot | null> {
  const read = await readTarget(String(pid), {
    maxPauseMs: MAX_PAUSE_MS,
    values: false,
    progress,
    hearsSignalsLater: true,
  });
  return read.ok ? read.value : null;
}

/** Dotted paths of the places that grew most, at most three; those that are not reached from a module are left out. */
export function growingPlaces(before: Snapshot, after: Snapshot): readonly string[] {
  const { report } = queryDiff([
    { file: "before", snapshot: before },
    { file: "after", snapshot: after },
  ]);
  return report.holders
    .filter(({ heldGrowthBytes }) => heldGrowthBytes > 0)
    .flatMap(({ holder }) => dottedPath(holder.path) ?? [])
    .filter((path) => !path.startsWith(OWN_PACKAGE))
    .slice(0, MOST_PLACES);
}

/** Null for a place that has no such path: a local, a closure's cell, an element of a container. */
export function dottedPath(path: string): string | null {
  const [, module, name] = GLOBAL.exec(path) ?? [];
  if (module !== undefined && name !== undefined) return `${module}.${name}`;
  return /^[\w.]+$/.test(path) && path.includes(".") ? path : null;
}
