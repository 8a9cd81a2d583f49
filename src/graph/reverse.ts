// The graph with its edges turned round: who refers to a node.

import { signed, type RefGraph } from "./ref-graph.ts";

const ENTRIES_PER_CALL = 1 << 12;

/**
 * Referrers of every node, ascending, parallel edges kept. With `isWanted` (one byte per node, 0 = no) only edges into
 * wanted nodes are kept; containers alone halve the work. Counting sort: O(nodes + edges) time, 4 bytes per node and
 * per edge kept. Threads may split the targets by range: see `reverseRange`.
 */
export function reverse(graph: RefGraph, isWanted?: Uint8Array): RefGraph {
  return reverseRange(graph, 0, graph.nodeCount, isWanted);
}

/**
 * As `reverse`, with only the edges into nodes `[from, to)`: each thread reads all edges and fills rows of its own.
 * The rows stand in a graph of `to - from` rows; row 0 belongs to node `from`. Entries are nodes of the whole graph.
 */
export function reverseRange(graph: RefGraph, from: number, to: number, isWanted?: Uint8Array): RefGraph {
  const rows = to - from;
  const wanted = isWanted ?? new Uint8Array(graph.nodeCount).fill(1);
  // Counting two rows further on leaves, after the placing, each row's start where it belongs.
  const start = new Int32Array(rows + 2);
  const edgeCount = graph.edgeStart[graph.nodeCount]!;
  for (let edge = 0; edge < edgeCount; edge += ENTRIES_PER_CALL) {
    countTargets(signed(graph.edgeTarget), edge, Math.min(edge + ENTRIES_PER_CALL, edgeCount), from, to, wanted, start);
  }
  for (let row = 2; row <= rows + 1; row++) start[row] = start[row]! + start[row - 1]!;
  const referrer = new Int32Array(start[rows + 1]!);
  for (let node = 0; node < graph.nodeCount; node += ENTRIES_PER_CALL) {
    placeSources(graph, node, Math.min(node + ENTRIES_PER_CALL, graph.nodeCount), from, to, wanted, start, referrer);
  }
  return {
    nodeCount: rows,
    edgeStart: new Uint32Array(start.buffer, 0, rows + 1),
    edgeTarget: new Uint32Array(referrer.buffer),
  };
}

function countTargets(
  edgeTarget: Int32Array,
  firstEdge: number,
  endEdge: number,
  from: number,
  to: number,
  isWanted: Uint8Array,
  start: Int32Array,
): void {
  for (let edge = firstEdge; edge < endEdge; edge++) {
    const target = edgeTarget[edge]!;
    if (target >= from && target < to && isWanted[target] !== 0) start[target - from + 2]!++;
  }
}

function placeSources(
  graph: RefGraph,
  firstNode: number,
  endNode: number,
  from: number,
  to: number,
  isWanted: Uint8Array,
  start: Int32Array,
  referrer: Int32Array,
): void {
  const edgeStart = signed(graph.edgeStart);
  const edgeTarget = signed(graph.edgeTarget);
  for (let node = firstNode; node < endNode; node++) {
    const end = edgeStart[node + 1]!;
    for (let edge = edgeStart[node]!; edge < end; edge++) {
      const target = edgeTarget[edge]!;
      if (target >= from && target < to && isWanted[target] !== 0) referrer[start[target - from + 1]!++] = node;
    }
  }
}
