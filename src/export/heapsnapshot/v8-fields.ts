// The file format of Chrome DevTools' heap profiler, as far as a writer must know it: flat arrays whose rows are described by
// `meta`. Source: src/front_end/entrypoints/heap_snapshot_worker in devtools-frontend, and V8's heap-snapshot-generator.cc.

/** Kinds of nodes, in the order of their numbers. */
const NODE_KINDS = [
  "hidden",
  "array",
  "string",
  "object",
  "code",
  "closure",
  "regexp",
  "number",
  "native",
  "synthetic",
  "concatenated string",
  "sliced string",
  "symbol",
  "bigint",
  "object shape",
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

const EDGE_KINDS = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

const NODE_FIELDS = ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"] as const;

/** Numbers per node: what an edge leads to is the position of a node in the flat array. */
export const NODE_FIELD_COUNT: number = NODE_FIELDS.length;

/** What stands before the arrays, without the last brace. */
export function snapshotHead(nodeCount: number, edgeCount: number): string {
  const meta = {
    node_fields: NODE_FIELDS,
    node_types: [NODE_KINDS, "string", "number", "number", "number", "number", "number"],
    edge_fields: ["type", "name_or_index", "to_node"],
    edge_types: [EDGE_KINDS, "string_or_number", "node"],
    trace_function_info_fields: ["function_id", "name", "script_name", "script_id", "line", "column"],
    trace_node_fields: ["id", "function_info_index", "count", "size", "children"],
    sample_fields: ["timestamp_us", "last_assigned_id"],
    location_fields: ["object_index", "script_id", "line", "column"],
  };
  const head = { meta, node_count: nodeCount, edge_count: edgeCount, trace_function_count: 0 };
  return `{"snapshot":${JSON.stringify(head)},`;
}

export function nodeKindNumber(kind: NodeKind): number {
  return NODE_KINDS.indexOf(kind);
}

export function edgeKindNumber(kind: EdgeKind): number {
  return EDGE_KINDS.indexOf(kind);
}
