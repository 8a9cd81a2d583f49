// The rows of a retention report as one list, parents before children, so that a row is a number.

import type { RetentionRow } from "../../../src/model/page-reports.ts";

export interface FlatTree {
  readonly rows: readonly RetentionRow[];
  /** Of each row; -1 for the first. */
  readonly parent: Int32Array;
  /** The rows below `row` are those from row + 1 up to its end. */
  readonly end: Int32Array;
  readonly depth: Int32Array;
}

/** O(rows). */
export function flatTree(root: RetentionRow): FlatTree {
  const rows: RetentionRow[] = [];
  const parents: number[] = [];
  const depths: number[] = [];
  const ends: number[] = [];
  const visit = (row: RetentionRow, parent: number, depth: number): void => {
    const own = rows.length;
    rows.push(row);
    parents.push(parent);
    depths.push(depth);
    ends.push(0);
    // The server cuts at a hundred levels.
    for (const each of row.below) visit(each, own, depth + 1);
    ends[own] = rows.length;
  };
  visit(root, -1, 0);
  return { rows, parent: Int32Array.from(parents), end: Int32Array.from(ends), depth: Int32Array.from(depths) };
}

/** Rows directly below, the largest first. */
export function childrenOf({ end }: FlatTree, row: number): readonly number[] {
  const children: number[] = [];
  for (let child = row + 1; child < (end[row] ?? 0); child = end[child] ?? Number.MAX_SAFE_INTEGER)
    children.push(child);
  return children;
}

/** From the root to the row, both included. */
export function wayTo({ parent }: FlatTree, row: number): readonly number[] {
  const way: number[] = [];
  for (let at = row; at >= 0; at = parent[at] ?? -1) way.unshift(at);
  return way;
}
