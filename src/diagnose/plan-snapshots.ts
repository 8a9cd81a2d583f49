// When snapshots are taken during a diagnosis: often enough for proof where they are quick, seldom where they are dear.

/** Snapshots from which an unbroken rise is no accident among thousands of places (1/7! = 1 in 5,040). */
const ENOUGH_FOR_PROOF = 7;
/** Objects of all snapshots together: about 100 bytes of ours for each until the end. */
const MOST_OBJECTS = 4_000_000;
/** Share of the window that we may spend reading instead of sampling. */
const LARGEST_READING_SHARE = 0.5;
/** The target stands still no longer than this in all, unless somebody asked for more snapshots. */
const LONGEST_PAUSE_SUM_MS = 2000;

export interface SnapshotCost {
  readonly windowMs: number;
  /** Of the first snapshot. */
  readonly objects: number;
  readonly pauseMs: number;
  /** From the decision to take it until sampling goes on. */
  readonly readingMs: number;
  /** How many somebody wants; null: what is bearable. */
  readonly asked: number | null;
}

/** Moments of the snapshots after the first, in milliseconds of the window; the last is its end. */
export function planSnapshots(cost: SnapshotCost): readonly number[] {
  const further = Math.max(1, (cost.asked ?? bearable(cost)) - 1);
  return Array.from({ length: further }, (_, at) => (cost.windowMs * (at + 1)) / further);
}

function bearable({ windowMs, objects, pauseMs, readingMs }: SnapshotCost): number {
  const byMemory = MOST_OBJECTS / Math.max(1, objects);
  const byTime = (windowMs * LARGEST_READING_SHARE) / Math.max(1, readingMs);
  const byPause = LONGEST_PAUSE_SUM_MS / Math.max(1, pauseMs);
  return Math.max(2, Math.floor(Math.min(ENOUGH_FOR_PROOF, byMemory, byTime, byPause)));
}
