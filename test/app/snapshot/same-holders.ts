// Two views of one process agree on who holds how much: the same places, in the same order as far as sizes are sure.

import { expect } from "vitest";
import { queryTop } from "../../../src/app/heap-queries.ts";
import type { Snapshot } from "../../../src/heap/snapshot.ts";
import type { HolderUsage } from "../../../src/model/heap-reports.ts";

const WORTH_TELLING_BYTES = 20_000;
/** Places whose sizes differ by less may change places; see ROOM_BYTES in inside.test.ts. */
const SURE_BYTES = 5000;

export function expectSameHolders(seen: Snapshot, expected: Snapshot): void {
  const [found, wanted] = [holdersOf(seen), holdersOf(expected)];
  const paths = found.map(({ holder }) => holder.path);
  expect([...paths].sort()).toEqual(wanted.map(({ holder }) => holder.path).sort());
  for (const [at, larger] of wanted.entries()) {
    for (const smaller of wanted.slice(at + 1)) {
      if (larger.heldBytes - smaller.heldBytes < SURE_BYTES) continue;
      expect(paths.indexOf(larger.holder.path)).toBeLessThan(paths.indexOf(smaller.holder.path));
    }
  }
}

/**
 * Without what only C knows, and without what a call leaves for the collector, which is off in the program: classes refer to
 * themselves.
 */
function holdersOf(snapshot: Snapshot): readonly HolderUsage[] {
  return queryTop(snapshot, { limit: 1000 }).byHolder.filter(
    ({ heldBytes, holder }) => heldBytes > WORTH_TELLING_BYTES && !/^<(?:native|interpreter|garbage)/.test(holder.path),
  );
}
