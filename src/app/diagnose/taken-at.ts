// Snapshots are put in order by their time, and the clock of the machine may be set back between them.

import type { Snapshot } from "../../heap/snapshot.ts";

/** The snapshot with a time of our own: that of the first, and what a clock that does not jump has measured since. */
export function takenAt(snapshot: Snapshot, takenAtMs: number): Snapshot {
  return { ...snapshot, meta: { ...snapshot.meta, takenAtMs } };
}
