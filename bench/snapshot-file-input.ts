// A made-up heap for bench/snapshot-file.ts when none was captured: sizes, types, distances and popular objects mixed
// so that the file comes out about as large per object as that of a fragmented real heap.

import type { NodeIx, TypeIx } from "../src/base/brand.ts";
import type { Snapshot, TypeRow } from "../src/heap/snapshot.ts";

const TYPE_COUNT = 200;
const POPULAR = 64;

/** The same heap for the same count. */
export function syntheticSnapshot(count: number): Snapshot {
  const random = xorshift(0x2545f491);
  const type = new Uint16Array(count);
  const shallowBytes = new Uint32Array(count);
  const addressLow = new Uint32Array(count);
  const edgeStart = new Uint32Array(count + 1);
  for (let node = 1, address = 0x1000, edges = 0; node < count; node++) {
    const kind = random(100);
    type[node] = kind < 90 ? 1 + random(6) : 1 + random(TYPE_COUNT - 1);
    shallowBytes[node] = 24 + 8 * random(kind < 80 ? 6 : 60);
    addressLow[node] = address;
    address += kind < 97 ? 16 * (2 + random(3)) : 16 * (4 + random(20));
    edges += kind < 65 ? 0 : random(8);
    edgeStart[node + 1] = edges;
  }
  const edgeTarget = new Uint32Array(edgeStart.at(-1) ?? 0);
  const edgeLabel = new Uint16Array(edgeTarget.length);
  let edge = 0;
  for (const [node, end] of edgeStart.subarray(1).entries()) {
    const isSequence = (type[node] ?? 0) < 4;
    for (let place = 0; edge < end; edge++, place++) {
      const kind = random(10);
      edgeTarget[edge] =
        kind < 3 ? 1 + random(POPULAR) : kind < 6 ? Math.min(count - 1, node + 1 + random(8)) : 1 + random(count - 1);
      edgeLabel[edge] = isSequence ? 0 : 16 + place;
    }
  }
  return {
    ...tables(),
    nodes: {
      count,
      type,
      shallowBytes,
      oversize: new Map(),
      addressLow,
      addressHigh: [{ firstNode: 0, high: 0x7f12 }],
    },
    refs: { nodeCount: count, edgeStart, edgeTarget },
    edgeLabel,
  };
}

function tables(): Omit<Snapshot, "nodes" | "refs" | "edgeLabel"> {
  return {
    meta: {
      source: "live",
      takenAtMs: 0,
      processStartTicks: null,
      pid: 1,
      command: ["python", "app.py"],
      python: "3.11.7",
      executable: "/usr/bin/python3.11",
      liveBytes: 0,
      copiedBytes: 0,
      pauseMs: 0,
      exactness: 1,
      unreadableReferences: 0,
      threads: 1,
      collector: { enabled: true, collecting: false, generations: [], permanentObjects: 0 },
      memory: { rssBytes: null, sharedBytes: null, swapBytes: null },
      values: false,
      warnings: [],
    },
    types: Array.from(
      { length: TYPE_COUNT },
      (_, index): TypeRow => ({
        canonical: index as TypeIx,
        name: `Type${index}`,
        module: "app.models",
        base: -1,
        node: 0 as NodeIx,
        shape: "fields",
        role: "plain",
        attributes: [],
        fields: new Map(),
      }),
    ),
    excess: { node: new Uint32Array(0), excess: new Int32Array(0) },
    roots: [],
    threads: [],
    codes: [],
    lruCaches: [],
    texts: { node: new Uint32Array(0), start: new Uint32Array(1), utf8: new Uint8Array(0) },
  };
}

/** Whole numbers from 0 below the limit, the same series every time. */
function xorshift(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
