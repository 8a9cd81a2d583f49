// Builds the snapshot that a faultless walk would give, from the truth alone: every object, and the edges of the
// sampled ones. Tests of the comparison start from it and break one thing at a time.

import type { NodeIx, TypeIx } from "../../../src/base/brand.ts";
import type { Snapshot, TypeRow } from "../../../src/heap/snapshot.ts";
import { nodeAt } from "./node-address.ts";
import type { HeapTruth, TrueType } from "./truth.ts";

/** A snapshot without differences to `truth`; nothing is a root except `sys.modules`. */
export function snapshotFromTruth(truth: HeapTruth): Snapshot {
  const nodes = nodesFrom(truth);
  const types = [...truth.types.values()].map((type, i) => typeRow(type, i + 1, nodeAt(nodes, type.id)));
  return {
    meta: META,
    types: [typeRow({ id: 0, name: "?", flags: 0, basicsize: 0 }, 0, null), ...types],
    nodes,
    refs: refsFrom(truth, nodes),
    edgeLabel: new Uint16Array(truth.sample.target.length),
    excess: { node: new Uint32Array(0), excess: new Int32Array(0) },
    roots: [
      {
        node: nodeAt(nodes, truth.landmarks["sys.modules"] ?? 0) ?? NOTHING,
        tier: "modules",
        origin: { kind: "sys.modules" },
      },
    ],
    threads: [],
    codes: [],
    lruCaches: truth.caches.map(({ id, hits, misses, maxsize, currsize }) => {
      return { node: nodeAt(nodes, id) ?? NOTHING, hits, misses, maxsize, entries: currsize };
    }),
    texts: { node: new Uint32Array(0), start: new Uint32Array(1), utf8: new Uint8Array(0) },
  };
}

const NOTHING = 0 as NodeIx;

const META: Snapshot["meta"] = {
  source: "live",
  takenAtMs: 0,
  processStartTicks: null,
  pid: null,
  command: [],
  python: "",
  executable: "",
  liveBytes: 0,
  copiedBytes: 0,
  pauseMs: null,
  exactness: 1,
  unreadableReferences: 0,
  threads: 0,
  collector: { enabled: false, collecting: false, generations: [], permanentObjects: 0 },
  memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
  values: false,
  warnings: [],
};

function nodesFrom(truth: HeapTruth): Snapshot["nodes"] {
  const typeRows = new Map([...truth.types.keys()].map((id, i) => [id, i + 1]));
  const objects = [truth.gc, truth.leaves].flatMap(({ id, type, size }) =>
    Array.from(id, (address, i) => ({ address, type: typeRows.get(type[i]!) ?? 0, size: size[i]! })),
  );
  objects.sort((a, b) => a.address - b.address);
  const rows = [{ address: 0, type: 0, size: 0 }, ...objects];
  const addressHigh: { firstNode: number; high: number }[] = [];
  rows.forEach(({ address }, node) => {
    const high = Math.floor(address / 2 ** 32);
    if (node > 0 && addressHigh.at(-1)?.high !== high) addressHigh.push({ firstNode: node, high });
  });
  return {
    count: rows.length,
    type: Uint16Array.from(rows, ({ type }) => type),
    shallowBytes: Uint32Array.from(rows, ({ size }) => size),
    oversize: new Map(),
    addressLow: Uint32Array.from(rows, ({ address }) => address % 2 ** 32),
    addressHigh,
  };
}

function typeRow(type: TrueType, index: number, node: NodeIx | null): TypeRow {
  const dot = type.name.lastIndexOf(".");
  return {
    canonical: index as TypeIx,
    name: type.name.slice(dot + 1),
    module: dot < 0 ? "builtins" : type.name.slice(0, dot),
    base: -1,
    node: node ?? NOTHING,
    shape: "fields",
    role: "plain",
    attributes: [],
    fields: new Map(),
  };
}

function refsFrom(truth: HeapTruth, nodes: Snapshot["nodes"]): Snapshot["refs"] {
  const targets = new Map<number, readonly number[]>();
  truth.sample.id.forEach((id, row) => {
    const ids = truth.sample.target.subarray(truth.sample.start[row], truth.sample.start[row + 1]);
    targets.set(
      nodeAt(nodes, id) ?? 0,
      Array.from(ids, (target) => nodeAt(nodes, target) ?? 0),
    );
  });
  const edgeStart = new Uint32Array(nodes.count + 1);
  const edges: number[] = [];
  for (let node = 0; node < nodes.count; node++) {
    edges.push(...(targets.get(node) ?? []));
    edgeStart[node + 1] = edges.length;
  }
  return { nodeCount: nodes.count, edgeStart, edgeTarget: Uint32Array.from(edges) };
}
