// Where objects stand in the picture of a neighbourhood: holders on the left, what is held on the right, one column per step.

import type { Neighbour, NeighbourhoodReport } from "../../../src/model/page-reports.ts";

export interface PlacedNeighbour {
  readonly neighbour: Neighbour;
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly placed: ReadonlyMap<number, PlacedNeighbour>;
  readonly width: number;
  readonly height: number;
  /** Of one object. */
  readonly nodeWidth: number;
}

export const NODE_HEIGHT = 40;
const NARROWEST_NODE = 96;
const WIDEST_NODE = 176;
/** Between two columns, for the lines and what is written on them. */
const GAP = 76;
const ROW = 54;
const MARGIN = 12;

/** In pixels; the object, what holds it and what it holds fit into `roomWidth` where that is at all possible. O(nodes + edges). */
export function graphLayout({ nodes, edges }: NeighbourhoodReport, roomWidth: number): GraphLayout {
  const nodeWidth = Math.max(NARROWEST_NODE, Math.min(WIDEST_NODE, Math.floor((roomWidth - 2 * MARGIN - 2 * GAP) / 3)));
  const columnWidth = nodeWidth + GAP;
  const columns = columnsOf({ nodes, edges });
  const byColumn = new Map<number, Neighbour[]>();
  for (const neighbour of nodes) {
    const column = columns.get(neighbour.node) ?? 0;
    byColumn.set(column, [...(byColumn.get(column) ?? []), neighbour]);
  }
  const most = Math.max(1, ...[...byColumn.values()].map(({ length }) => length));
  const placed = new Map<number, PlacedNeighbour>();
  for (const [at, [, column]] of [...byColumn].toSorted(([a], [b]) => a - b).entries())
    for (const [row, neighbour] of column.toSorted(largestFirst).entries()) {
      placed.set(neighbour.node, { neighbour, x: MARGIN + at * columnWidth, y: MARGIN + row * ROW });
    }
  return {
    placed,
    width: 2 * MARGIN + (byColumn.size - 1) * columnWidth + nodeWidth,
    height: 2 * MARGIN + (most - 1) * ROW + NODE_HEIGHT,
    nodeWidth,
  };
}

function largestFirst(a: Neighbour, b: Neighbour): number {
  return b.heldBytes - a.heldBytes;
}

/** Steps from the subjects: negative towards those that hold them. */
function columnsOf({ nodes, edges }: Pick<NeighbourhoodReport, "nodes" | "edges">): ReadonlyMap<number, number> {
  const columns = new Map<number, number>(nodes.filter(({ isSubject }) => isSubject).map(({ node }) => [node, 0]));
  const spread = (step: 1 | -1): void => {
    let front = [...columns].flatMap(([node, column]) => (column === 0 ? [node] : []));
    for (let column = step; front.length > 0; column += step) {
      const next: number[] = [];
      for (const { from, to } of edges) {
        const [near, far] = step === 1 ? [from, to] : [to, from];
        if (!front.includes(near) || columns.has(far)) continue;
        columns.set(far, column);
        next.push(far);
      }
      front = next;
    }
  };
  spread(-1);
  spread(1);
  return columns;
}
