// Between rows of a snapshot's node table and addresses in the target.

import type { NodeIx } from "../../../src/base/brand.ts";
import type { NodeTable } from "../../../src/heap/snapshot.ts";

/** The row of the object at `address`, or null. Rows ascend by address; row 0 is no object. */
export function nodeAt(nodes: NodeTable, address: number): NodeIx | null {
  const high = Math.floor(address / 2 ** 32);
  const segment = nodes.addressHigh.findIndex((row) => row.high === high);
  if (segment < 0) return null;
  const lowWord = address % 2 ** 32;
  let first = Math.max(1, nodes.addressHigh[segment]!.firstNode);
  let last = (nodes.addressHigh[segment + 1]?.firstNode ?? nodes.count) - 1;
  while (first <= last) {
    const middle = (first + last) >>> 1;
    const found = nodes.addressLow[middle]!;
    if (found === lowWord) return middle as NodeIx;
    if (found < lowWord) first = middle + 1;
    else last = middle - 1;
  }
  return null;
}

/** The address of a row. */
export function addressOfNode(nodes: NodeTable, node: NodeIx): number {
  const segment = nodes.addressHigh.findLast((row) => row.firstNode <= node);
  return (segment?.high ?? 0) * 2 ** 32 + nodes.addressLow[node]!;
}
