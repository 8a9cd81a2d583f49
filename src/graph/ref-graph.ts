// A directed graph in compressed sparse rows. Nodes are 0..nodeCount-1; parallel edges and self loops are allowed.

/** Outgoing edges of node `v` are `edgeTarget[edgeStart[v] .. edgeStart[v + 1])`. */
export interface RefGraph {
  readonly nodeCount: number;
  /** nodeCount + 1 entries, ascending. */
  readonly edgeStart: Uint32Array;
  /** edgeStart[nodeCount] entries, each below nodeCount. */
  readonly edgeTarget: Uint32Array;
}

/** Marks "no node" in parent and dominator arrays. */
export const NO_NODE = 0xffffffff;

/**
 * The same memory read as signed numbers: the compiler keeps these in plain integer registers, where unsigned ones make
 * it check for values above 2^31 (measured: half the time in `retained`). NO_NODE reads as -1.
 */
export function signed(array: Uint32Array): Int32Array {
  return new Int32Array(array.buffer, array.byteOffset, array.length);
}
