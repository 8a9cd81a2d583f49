// A synthetic graph with the shape of a Python heap: ids in order of allocation, dicts whose pairs point at strings and
// numbers, lists, instances that point at their class, module dicts, and leaves that everybody shares. About two thirds
// of the nodes are leaves and there are about one and a half edges per node, as measured on real processes.

import type { RefGraph } from "../src/graph/ref-graph.ts";

export interface PythonLikeGraph {
  readonly graph: RefGraph;
  /** Shallow bytes per node. */
  readonly sizes: Uint32Array;
  /** Small number per node, as a type index would be. */
  readonly groups: Uint16Array;
  /** Root tiers: sys.modules, thread frames, objects with native references. */
  readonly tiers: readonly Uint32Array[];
}

/** Groups by construction. */
const KIND = { text: 0, number: 1, dict: 2, list: 3, tuple: 4, class: 5, module: 6, instance: 7 } as const;
const GROUP_COUNT = 64;

/** Small, fast and repeatable: T. Ettinger's mulberry32. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}

/** Edges as they are made: rows must be opened in order of node id. */
class Builder {
  readonly edgeStart: Uint32Array;
  readonly edgeTarget: Uint32Array;
  readonly sizes: Uint32Array;
  readonly groups: Uint16Array;
  nodes = 0;
  edges = 0;

  constructor(nodeCount: number) {
    this.edgeStart = new Uint32Array(nodeCount + 1);
    this.edgeTarget = new Uint32Array(nodeCount * 2 + 1024);
    this.sizes = new Uint32Array(nodeCount);
    this.groups = new Uint16Array(nodeCount);
  }

  /** Adds a node; edges added next are its own. */
  node(group: number, bytes: number): number {
    const node = this.nodes++;
    this.sizes[node] = bytes;
    this.groups[node] = group;
    this.edgeStart[node] = this.edges;
    this.edgeStart[node + 1] = this.edges;
    return node;
  }

  edge(target: number): void {
    this.edgeTarget[this.edges++] = target;
    this.edgeStart[this.nodes] = this.edges;
  }
}

/** Builds a graph of exactly `nodeCount` nodes (at least 10,000). */
export function pythonLikeGraph(nodeCount: number, seed = 1): PythonLikeGraph {
  const random = mulberry32(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const build = new Builder(nodeCount);
  const shared = Array.from({ length: 4000 }, () => build.node(KIND.text, 56));
  const pick = (): number => shared[Math.floor(shared.length * random() ** 4)] ?? 0;
  const classes = Array.from({ length: GROUP_COUNT - KIND.instance }, () => {
    const name = build.node(KIND.text, 56);
    const node = build.node(KIND.class, 1064);
    build.edge(name);
    build.edge(pick());
    return node;
  });
  const batchesPerModule = 400;
  const modules: number[] = [];
  const native: number[] = [];
  let batches: number[] = [];
  while (build.nodes < nodeCount - 2000) {
    const batch = addBatch(build, classes, below, pick);
    if (random() < 0.002) native.push(batch);
    // One in a thousand is held by nothing.
    if (random() >= 0.001) batches.push(batch);
    if (batches.length < batchesPerModule && build.nodes < nodeCount - 4000) continue;
    const dict = build.node(KIND.dict, 104 + 24 * batches.length);
    for (const batch of batches) build.edge(batch);
    const module = build.node(KIND.module, 72);
    build.edge(dict);
    modules.push(module);
    batches = [];
  }
  const frames = modules.filter((_, index) => index % 10 === 0);
  while (build.nodes < nodeCount - 1) build.node(KIND.text, 60);
  const sysModules = build.node(KIND.dict, 18_520);
  for (const module of modules) build.edge(module);
  const { edgeStart, sizes, groups } = build;
  const edgeTarget = build.edgeTarget.slice(0, build.edges);
  return {
    graph: { nodeCount: build.nodes, edgeStart, edgeTarget },
    sizes,
    groups,
    tiers: [
      Uint32Array.of(sysModules),
      Uint32Array.from(frames),
      Uint32Array.from([...native, ...shared.slice(0, 300)]),
    ],
  };
}

/** A list of records, each an instance with a dict of fresh and shared values: a few hundred nodes. Returns the list. */
function addBatch(
  build: Builder,
  classes: readonly number[],
  below: (limit: number) => number,
  pick: () => number,
): number {
  const length = 4 + below(40);
  const records: number[] = [];
  for (let record = 0; record < length; record++) {
    const values: number[] = [];
    const fields = 2 + below(6);
    for (let field = 0; field < fields; field++) values.push(addValue(build, records, below));
    const index = below(classes.length);
    // Half of the classes have slots.
    const dict = index % 2 === 0 ? addDict(build, values, below, pick) : -1;
    records.push(build.node(KIND.instance + index, 56));
    for (const value of dict < 0 ? values : [dict]) build.edge(value);
    build.edge(classes[index] ?? 0);
  }
  const list = build.node(KIND.list, 56 + 8 * length);
  for (const record of records) build.edge(record);
  return list;
}

/** A dict whose keys are mostly shared strings. */
function addDict(
  build: Builder,
  values: readonly number[],
  below: (limit: number) => number,
  pick: () => number,
): number {
  const dict = build.node(KIND.dict, 232);
  for (const value of values) {
    build.edge(below(3) > 0 ? pick() : value);
    build.edge(value);
  }
  return dict;
}

/** Mostly a fresh leaf; sometimes a small tuple, a list of numbers, or a link to an earlier record. */
function addValue(build: Builder, records: readonly number[], below: (limit: number) => number): number {
  const choice = below(20);
  if (choice === 0 && records.length > 0) return records[below(records.length)] ?? 0;
  if (choice < 4) {
    const items = [build.node(KIND.number, 28), build.node(KIND.text, 50 + below(100))];
    const tuple = build.node(KIND.tuple, 56);
    for (const item of items) build.edge(item);
    return tuple;
  }
  return choice < 12 ? build.node(KIND.text, 50 + below(100)) : build.node(KIND.number, 28);
}
