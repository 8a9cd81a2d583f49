// How many rounds of how many calls: each half as large again as the one before.

const GROWTH = 1.5;
/** Objects of all snapshots together: about 100 bytes of ours for each until the end. */
const MOST_OBJECTS = 8_000_000;

/** Calls of round `at`, from 0. */
export function callsOfRound(first: number, at: number): number {
  return Math.round(first * GROWTH ** at);
}

/** Rounds after which there would be no memory for a further snapshot; at least 2. `objects`: of the first. */
export function bearableRounds(asked: number, objects: number): number {
  return Math.max(2, Math.min(asked, Math.floor(MOST_OBJECTS / Math.max(1, objects)) - 1));
}
