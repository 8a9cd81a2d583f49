// Addresses of nodes, stored as a low word per node and a high word per run of nodes. 47 bits: exact in a double.

import { HIGH_WORD } from "../../base/uint32.ts";
import type { Addr, NodeIx } from "../../base/brand.ts";
import type { NodeTable } from "../snapshot.ts";

/** Address of a node in the target process. */
export function addressOf(nodes: NodeTable, node: NodeIx): Addr {
  const runs = nodes.addressHigh;
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs[middle]!.firstNode <= node) low = middle + 1;
    else high = middle;
  }
  const highWord = low === 0 ? 0 : runs[low - 1]!.high;
  return (highWord * HIGH_WORD + nodes.addressLow[node]!) as Addr;
}

/** "0x7f12a0": usable as a selector. */
export function formatAddress(address: number): string {
  return `0x${address.toString(16)}`;
}

/** The node at an address, or null. Row 0 is no object and is never found. */
export function nodeAt(nodes: NodeTable, address: number): NodeIx | null {
  let low = 1;
  let high = nodes.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (addressOf(nodes, middle as NodeIx) < address) low = middle + 1;
    else high = middle;
  }
  return low < nodes.count && addressOf(nodes, low as NodeIx) === address ? (low as NodeIx) : null;
}

/** The node whose memory contains an address: the last one that starts at or before it and is long enough. */
export function nodeAround(nodes: NodeTable, address: number, sizeOf: (node: NodeIx) => number): NodeIx | null {
  let low = 1;
  let high = nodes.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (addressOf(nodes, middle as NodeIx) <= address) low = middle + 1;
    else high = middle;
  }
  const before = (low - 1) as NodeIx;
  if (before < 1) return null;
  return address < addressOf(nodes, before) + sizeOf(before) ? before : null;
}
