// Shapes that recursion, quadratic loops or a stack of fixed depth would not survive.

import { expect, test } from "vitest";
import { type DominatorTree, dominators } from "../../src/graph/dominators.ts";
import { garbageGroups } from "../../src/graph/garbage-groups.ts";
import { reach } from "../../src/graph/reach.ts";
import type { RefGraph } from "../../src/graph/ref-graph.ts";
import { retainedByGroup } from "../../src/graph/retained-by-group.ts";
import { retained } from "../../src/graph/retained.ts";
import { reverse } from "../../src/graph/reverse.ts";
import { shortestPathsTo } from "../../src/graph/shortest-paths.ts";
import { stronglyConnected } from "../../src/graph/strongly-connected.ts";

const MILLION = 1_000_000;

/** Every node has the same number of edges, to what `target(node, edge)` says. */
function regular(nodeCount: number, degree: number, target: (node: number, edge: number) => number): RefGraph {
  const edgeStart = Uint32Array.from({ length: nodeCount + 1 }, (_, node) => node * degree);
  const edgeTarget = Uint32Array.from({ length: nodeCount * degree }, (_, at) =>
    target(Math.floor(at / degree), at % degree),
  );
  return { nodeCount, edgeStart, edgeTarget };
}

function countsOf(tree: DominatorTree): Uint32Array {
  return retained(tree, new Uint32Array(tree.graph.nodeCount), new Map()).counts;
}

test("a chain of a million nodes that ends in itself", () => {
  const chain = regular(MILLION, 1, (node) => Math.min(node + 1, MILLION - 1));
  const roots = Uint32Array.of(0);
  const found = reach(chain, [roots]);
  const tree = dominators(chain, roots);
  expect(found.reachedPerTier).toEqual([MILLION]);
  expect(tree.idom[MILLION - 1]).toBe(MILLION - 2);
  const counts = countsOf(tree);
  expect(counts[0]).toBe(MILLION);
  const allOne = { classOf: new Uint16Array(MILLION), groupOfClass: new Uint16Array(1), groupCount: 1 };
  expect(retainedByGroup(tree, allOne, counts)[0]).toBe(MILLION);
  const manyGroups = Uint16Array.from(allOne.classOf, (_, node) => node % 2000);
  const each = retainedByGroup(tree, { classOf: manyGroups, groupOfClass: manyGroups, groupCount: 2000 }, counts);
  expect([...each.subarray(0, 3)]).toEqual([MILLION, MILLION - 1, MILLION - 2]);
  expect(shortestPathsTo(reverse(chain), found, MILLION - 1, 3).map((path) => path.length)).toEqual([MILLION]);
});

test("a ring of a million nodes is one component", () => {
  const ring = regular(MILLION, 1, (node) => (node + 1) % MILLION);
  const members = Uint32Array.from({ length: MILLION }, (_, node) => node);
  expect([...stronglyConnected(ring, members).sizes]).toEqual([MILLION]);
  const groups = garbageGroups(ring, members, new Uint32Array(MILLION).fill(2), new Map());
  expect([...groups.bytes]).toEqual([2 * MILLION]);
  expect([...groups.cycles]).toEqual([1]);
});

test("a node with a million targets that all refer back to it", () => {
  const edgeStart = Uint32Array.from({ length: MILLION + 1 }, (_, node) => (node === 0 ? 0 : MILLION + node - 1));
  const edgeTarget = Uint32Array.from({ length: 2 * MILLION - 1 }, (_, at) => (at < MILLION ? at : 0));
  const star: RefGraph = { nodeCount: MILLION, edgeStart, edgeTarget };
  const roots = Uint32Array.of(MILLION - 1);
  const tree = dominators(star, roots);
  expect(tree.idom[0]).toBe(MILLION - 1);
  expect(tree.idom[5]).toBe(0);
  expect(countsOf(tree)[0]).toBe(MILLION - 1);
  const paths = shortestPathsTo(reverse(star), reach(star, [roots]), 5, 3);
  expect(paths.map((path) => [...path])).toEqual([[MILLION - 1, 0, 5]]);
});

/** A linked list of `count` nodes whose payloads are also held by an index: node i -> next, payload i; index -> payloads. */
function listWithIndex(count: number, payloadEdges: number): RefGraph {
  const index = 2 * count;
  const edges = count * (2 + payloadEdges + 1);
  const edgeStart = new Uint32Array(2 * count + 2);
  const edgeTarget = new Uint32Array(edges);
  let at = 0;
  for (let node = 0; node < count; node++) {
    edgeTarget[at++] = Math.min(node + 1, count - 1);
    edgeTarget[at++] = count + node;
    edgeStart[node + 1] = at;
  }
  for (let payload = count; payload < index; payload++) {
    if (payloadEdges > 0) edgeTarget[at++] = payload;
    edgeStart[payload + 1] = at;
  }
  for (let payload = count; payload < index; payload++) edgeTarget[at++] = payload;
  edgeStart[index + 1] = at;
  return { nodeCount: index + 1, edgeStart, edgeTarget };
}

test.each([0, 1])(
  "a linked list with an index over its payloads takes linear time (%i edges per payload)",
  (payloadEdges) => {
    const count = MILLION / 2;
    const list = listWithIndex(count, payloadEdges);
    const started = performance.now();
    const tree = dominators(list, Uint32Array.of(0, 2 * count));
    // A climb from each payload would take 10^11 steps.
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(tree.idom[count - 1]).toBe(count - 2);
    expect(tree.idom[2 * count - 1]).toBe(list.nodeCount);
  },
);

test("nodes without edges, and no roots at all", () => {
  const bare: RefGraph = { nodeCount: 3, edgeStart: new Uint32Array(4), edgeTarget: new Uint32Array(0) };
  const nobody = new Uint32Array(0);
  expect(reach(bare, []).reachedPerTier).toEqual([]);
  expect(countsOf(dominators(bare, nobody))).toEqual(new Uint32Array(4));
  expect([...countsOf(dominators(bare, Uint32Array.of(1)))]).toEqual([0, 1, 0, 1]);
  expect(stronglyConnected(bare, nobody).sizes).toHaveLength(0);
  const nothing: RefGraph = { nodeCount: 0, edgeStart: new Uint32Array(1), edgeTarget: new Uint32Array(0) };
  expect([...countsOf(dominators(nothing, nobody))]).toEqual([0]);
});

test("all kernels take memory that threads share", () => {
  const shared = (values: readonly number[]): Uint32Array => {
    const array = new Uint32Array(new SharedArrayBuffer(values.length * 4));
    array.set(values);
    return array;
  };
  const g: RefGraph = { nodeCount: 3, edgeStart: shared([0, 2, 3, 3]), edgeTarget: shared([1, 2, 2]) };
  const tree = dominators(g, shared([0]));
  expect([...tree.idom]).toEqual([3, 0, 0]);
  expect([...reach(g, [shared([0])]).parent]).toEqual([3, 0, 0]);
  expect([...countsOf(tree)]).toEqual([3, 1, 1, 3]);
  expect([...reverse(g).edgeTarget]).toEqual([0, 0, 1]);
});
