// A .heapsnapshot says of the heap what the snapshot says: same objects, same references, same retained sizes.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse } from "../../src/heap/analyse.ts";
import { shallowBytesOf } from "../../src/heap/analysis/edges.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import type { NodeIx } from "../../src/base/brand.ts";
import { anySnapshot } from "../support/any-snapshot.ts";
import { fromRows } from "../support/graph-language.ts";
import { bytesOf, lostWithout } from "../support/graph-oracles.ts";
import { heap } from "../support/snapshot-language.ts";
import { exportedText } from "./export-text.ts";
import { type HeapsnapshotNode, readHeapsnapshot } from "./read-heapsnapshot.ts";

const SHOP = `
  modules['app.sessions'].REGISTRY: dict { 'alice': s@Session { cart: list(200) [ str(80), str(90) ] }, 7: Session {} }
  modules['app.sessions'].handler: def 'make.<locals>.handler' at '/srv/app.py':31 { closure rows: list(900) [ @s ] }
  thread 'worker-1' handle() rows: set [ str(70) ]
  modules['app.sessions'].Cart: class Cart { made: int }
  native: ndarray(4096)
  garbage: a@Node { other: Node { other: @a } }
`;

function nodesOf(snapshot: Snapshot): readonly HeapsnapshotNode[] {
  return readHeapsnapshot(exportedText(snapshot, "heapsnapshot"));
}

/** Nodes that stand before those of the snapshot: the root, and one for each group of roots. */
function before(nodes: readonly HeapsnapshotNode[]): number {
  return 1 + (nodes[0]?.edges.length ?? 0);
}

function named(nodes: readonly HeapsnapshotNode[], name: string): HeapsnapshotNode {
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
}

describe("a heapsnapshot", () => {
  it("has every object and every reference, whatever the heap", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => {
        const nodes = nodesOf(snapshot);
        const offset = before(nodes);
        const { edgeStart, edgeTarget } = snapshot.refs;
        expect(nodes.length).toBe(snapshot.nodes.count + offset);
        for (let node = 0; node < snapshot.nodes.count; node++) {
          const row = nodes[node + offset];
          expect(row?.bytes).toBe(shallowBytesOf(snapshot, node as NodeIx));
          const targets = [...edgeTarget.subarray(edgeStart[node], edgeStart[node + 1])];
          expect(row?.edges.map(({ to }) => to - offset)).toEqual(targets);
        }
      }),
    );
  });

  it("gives each object an id of its own: odd, 32 bits", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => {
        const ids = nodesOf(snapshot).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every((id) => id % 2 === 1 && id > 0 && id < 2 ** 32)).toBe(true);
      }),
    );
  });

  it("has the retained sizes of `top`, found by taking objects out of the file", () => {
    const snapshot = heap(SHOP);
    const { retainedBytes } = analyse(snapshot);
    const nodes = nodesOf(snapshot);
    const offset = before(nodes);
    // What only the group of garbage holds has no retained size in a snapshot.
    const garbage = offset - 1;
    const graph = fromRows(nodes.map(({ edges }, at) => (at === garbage ? [] : edges.map(({ to }) => to))));
    const sizes = Uint32Array.from(nodes, ({ bytes }) => bytes);
    const sample = { graph, roots: Uint32Array.of(0), sizes };
    const found = nodes.slice(offset).map((_, node) => bytesOf(sizes, lostWithout(sample, new Set([node + offset]))));
    expect(found.slice(1)).toEqual([...retainedBytes.subarray(1, snapshot.nodes.count)]);
  });

  it("calls an object by its type, and a function, a module and a class by their names", () => {
    const nodes = nodesOf(heap(SHOP));
    const names = new Set(nodes.map(({ kind, name }) => `${kind} ${name}`));
    expect([...names]).toEqual(
      expect.arrayContaining([
        "object app.sessions.Session",
        "object class app.sessions.Cart",
        "object module app.sessions",
        "closure make.<locals>.handler",
        "code make.<locals>.handler app.py:31",
        "object dict",
      ]),
    );
  });

  it("calls a reference by its attribute, its key or its position", () => {
    const nodes = nodesOf(heap(SHOP));
    const session = named(nodes, "app.sessions.Session");
    expect(session.edges).toContainEqual(expect.objectContaining({ kind: "property", name: "cart" }));
    const [cart] = session.edges.filter(({ name }) => name === "cart").map(({ to }) => nodes[to]);
    expect(cart?.edges.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["element 0", "element 1"]);
    const registry = nodes.find(({ edges }) => edges.some(({ name }) => name === "alice"));
    expect(registry?.edges.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "internal <key>",
      "property alice",
      "internal <key>",
      "property 7",
    ]);
  });

  it("groups the roots by what they are, and names them", () => {
    const nodes = nodesOf(heap(SHOP));
    const groups = nodes[0]?.edges.map(({ to }) => nodes[to]?.name);
    expect(groups).toEqual([
      "(modules)",
      "(threads)",
      "(built-in types)",
      "(interpreter)",
      "(native code)",
      "(garbage not collected yet)",
    ]);
    expect(named(nodes, "(threads)").edges.map(({ name }) => name)).toContain(
      'thread "worker-1" in handle() local rows',
    );
    expect(named(nodes, "(native code)").edges.map(({ to }) => nodes[to]?.name)).toEqual(["numpy.ndarray"]);
    expect(named(nodes, "(garbage not collected yet)").edges).not.toEqual([]);
  });

  it("gives an object the same id in a later snapshot of the process", () => {
    const early = nodesOf(heap("modules['app'].A: a@0x7f12a000 list [ ]"));
    const late = nodesOf(
      heap("modules['app'].NEW: n@0x7f10a000 list [ str(50) ]\nmodules['app'].A: a@0x7f12a000 list [ ]"),
    );
    const idOf = (nodes: readonly HeapsnapshotNode[], name: string): number | undefined =>
      nodes.flatMap(({ edges }) => edges).flatMap((edge) => (edge.name === name ? [nodes[edge.to]?.id] : []))[0];
    expect(idOf(late, "A")).toBe(idOf(early, "A"));
    expect(idOf(late, "NEW")).not.toBe(idOf(early, "A"));
  });
});
