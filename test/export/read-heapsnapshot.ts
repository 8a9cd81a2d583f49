// Reads a .heapsnapshot as DevTools does: by the fields that its head names, and nothing else.

interface Head {
  readonly meta: {
    readonly node_fields: readonly string[];
    readonly node_types: readonly [readonly string[], ...unknown[]];
    readonly edge_fields: readonly string[];
    readonly edge_types: readonly [readonly string[], ...unknown[]];
  };
  readonly node_count: number;
  readonly edge_count: number;
}

export interface HeapsnapshotNode {
  readonly kind: string;
  readonly name: string;
  readonly id: number;
  readonly bytes: number;
  readonly edges: readonly HeapsnapshotEdge[];
}
interface HeapsnapshotEdge {
  readonly kind: string;
  /** Positions stay numbers. */
  readonly name: string | number;
  /** Position in the list of nodes. */
  readonly to: number;
}

/** Nodes in the order of the file; the first is the root. Throws where the file contradicts itself. */
export function readHeapsnapshot(text: string): readonly HeapsnapshotNode[] {
  const { snapshot, nodes, edges, strings } = JSON.parse(text) as {
    snapshot: Head;
    nodes: number[];
    edges: number[];
    strings: string[];
  };
  const node = snapshot.meta.node_fields;
  const edge = snapshot.meta.edge_fields;
  must(nodes.length === snapshot.node_count * node.length, "node_count");
  must(edges.length === snapshot.edge_count * edge.length, "edge_count");
  const found: HeapsnapshotNode[] = [];
  let next = 0;
  for (let at = 0; at < nodes.length; at += node.length) {
    const field = (name: string): number => nodes[at + node.indexOf(name)] ?? -1;
    const rows = Array.from({ length: field("edge_count") }, (_, row) => (next + row) * edge.length);
    next += rows.length;
    found.push({
      kind: snapshot.meta.node_types[0][field("type")] ?? "?",
      name: strings[field("name")] ?? "?",
      id: field("id"),
      bytes: field("self_size"),
      edges: rows.map((row) => {
        const to = edges[row + edge.indexOf("to_node")] ?? -1;
        must(to % node.length === 0 && to >= 0 && to < nodes.length, "to_node");
        const kind = snapshot.meta.edge_types[0][edges[row + edge.indexOf("type")] ?? -1] ?? "?";
        const name = edges[row + edge.indexOf("name_or_index")] ?? -1;
        return {
          kind,
          name: ["element", "hidden"].includes(kind) ? name : (strings[name] ?? "?"),
          to: to / node.length,
        };
      }),
    });
  }
  must(next * edge.length === edges.length, "edges of nodes");
  return found;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the file contradicts itself: ${what}`);
}
