// Draws graphs in tests: graph("*root -> cache -> a:100 -> b; cache -> b").
//
// Names become node ids in order of first appearance. `a -> b -> c` makes two edges, `a -> b, c` also two (a -> b, a -> c);
// statements end with ";" or a line break. `*name` is a root.
// `name:100` gives a size in bytes (1 if not said). A name alone is a node without edges.

import type { RefGraph } from "../../src/graph/ref-graph.ts";

/** A drawn graph with its names. */
export interface DrawnGraph {
  readonly graph: RefGraph;
  /** Nodes marked with `*`, in order of appearance, or those of the option. */
  readonly roots: Uint32Array;
  readonly sizes: Uint32Array;
  readonly names: readonly string[];
  /** Id of a name; throws when the drawing has no such node. */
  id(name: string): number;
  /** Ids of names separated by spaces. */
  ids(names: string): Uint32Array;
  /** Name of an id; "(root)" for the virtual root, "(none)" for NO_NODE. */
  name(id: number): string;
}

const NODE = /^(?<star>\*?)(?<name>[\w.<>'[\]()-]*[\w.<>'[\]()])(?::(?<size>\d+))?$/;

/** Draws a graph. `roots` (names separated by spaces) replaces the marks. */
export function graph(drawing: string, options: { readonly roots?: string } = {}): DrawnGraph {
  const nodes = new Drawing();
  for (const statement of drawing.split(/[;\n]/)) {
    if (statement.trim() !== "") nodes.addStatement(statement.trim());
  }
  return nodes.finish(options.roots);
}

/** A graph from rows of targets: `fromRows([[1, 2], [], [0]])`. */
export function fromRows(rows: readonly (readonly number[])[]): RefGraph {
  const edgeStart = new Uint32Array(rows.length + 1);
  for (const [row, targets] of rows.entries()) edgeStart[row + 1] = edgeStart[row]! + targets.length;
  return { nodeCount: rows.length, edgeStart, edgeTarget: Uint32Array.from(rows.flat()) };
}

class Drawing {
  readonly #ids = new Map<string, number>();
  readonly #rows: number[][] = [];
  readonly #sizes: number[] = [];
  readonly #roots = new Set<number>();

  addStatement(statement: string): void {
    let sources: number[] = [];
    for (const column of statement.split("->")) {
      const targets = column.split(",").map((text) => this.#node(text.trim(), statement));
      for (const source of sources) this.#rows[source]!.push(...targets);
      sources = targets;
    }
  }

  finish(roots: string | undefined): DrawnGraph {
    const names = [...this.#ids.keys()];
    const id = (name: string): number => {
      const found = this.#ids.get(name);
      if (found === undefined) throw new Error(`no node "${name}" in this drawing; it has ${names.join(", ")}`);
      return found;
    };
    const ids = (list: string): Uint32Array => Uint32Array.from(list.split(" ").filter(Boolean), id);
    return {
      graph: fromRows(this.#rows),
      roots: roots === undefined ? Uint32Array.from(this.#roots) : ids(roots),
      sizes: Uint32Array.from(this.#sizes),
      names,
      id,
      ids,
      name: (node) => names[node] ?? (node === names.length ? "(root)" : "(none)"),
    };
  }

  #node(text: string, statement: string): number {
    const match = NODE.exec(text)?.groups;
    if (match === undefined)
      throw new Error(`cannot read "${text}" in "${statement}": expected name, *name or name:size`);
    const name = match["name"]!;
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#rows.length;
      this.#ids.set(name, id);
      this.#rows.push([]);
      this.#sizes.push(1);
    }
    if (match["star"] !== "") this.#roots.add(id);
    if (match["size"] !== undefined) this.#sizes[id] = Number(match["size"]);
    return id;
  }
}
