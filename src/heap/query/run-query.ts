// Answers a query: one pass over the nodes for the conditions, then names for the rows that are shown.

import type { NodeIx } from "../../base/brand.ts";
import { printable } from "../../base/format-printable.ts";
import { inDegrees } from "../../graph/in-degrees.ts";
import { retainedBySet } from "../../graph/retained-by-set.ts";
import { topByValue } from "../../graph/top-by-value.ts";
import type { QueryGroup, QueryGroupName, QueryReport, QueryRow } from "../../model/query-report.ts";
import { addressOf, formatAddress } from "../analysis/addresses.ts";
import { qualifiedName, shallowBytesOf, typeNameOf } from "../analysis/edges.ts";
import { textOf } from "../analysis/texts.ts";
import { isGarbage, type HeapAnalysis } from "../analyse.ts";
import { settleOwners, type OwnedHeap } from "../holders/ownership.ts";
import { shorten, sizeOfContainer } from "../paths/path-of.ts";
import { trailOf } from "../paths/trails.ts";
import { predicateOf, type Predicate } from "./query-predicate.ts";
import { queryColumns, type QueryColumns } from "./query-columns.ts";
import type { Order, QueryTree } from "./query-tree.ts";

const DEFAULT_LIMIT = 20;
const NO_TEXT = "(text not kept)";

/** `text`: the query as it was written. O(nodes) time, and a way to a root for each row that is shown. */
export function runQuery(analysis: HeapAnalysis, query: QueryTree, text: string): QueryReport {
  const heap = settleOwners(analysis);
  const { snapshot } = heap;
  const columns = queryColumns(heap);
  const matched = nodesThat(snapshot.nodes.count, predicateOf(snapshot, columns, query));
  const limit = query.limit ?? DEFAULT_LIMIT;
  return {
    schema: "deadweight/query@1",
    query: text.trim(),
    python: snapshot.meta.python,
    pid: snapshot.meta.pid,
    matched: matched.length,
    shallowBytes: sumOf(matched, (node) => shallowBytesOf(snapshot, node)),
    retainedBytes: freedBytes(heap, matched),
    rows: query.group === null ? rowsOf(heap, columns, matched, query.order, limit) : [],
    groups: query.group === null ? null : groupsOf(heap, columns, matched, query.group, query.order).slice(0, limit),
    warnings: snapshot.meta.warnings,
  };
}

/** Garbage retains nothing: it goes when the collector comes. */
function freedBytes(heap: OwnedHeap, nodes: Uint32Array): number {
  const garbage = nodes.filter((node) => isGarbage(heap, node as NodeIx));
  const ownBytes = sumOf(garbage, (node) => shallowBytesOf(heap.snapshot, node));
  return retainedBySet(heap.tree, nodes, heap.retainedBytes) + ownBytes;
}

/** Row 0 is no object. */
function nodesThat(count: number, fits: Predicate): Uint32Array {
  const found = new Uint32Array(count);
  let length = 0;
  for (let node = 1; node < count; node++) if (fits(node as NodeIx)) found[length++] = node;
  return found.slice(0, length);
}

function sumOf(nodes: Uint32Array, value: (node: NodeIx) => number): number {
  let sum = 0;
  for (let at = 0; at < nodes.length; at++) sum += value(nodes[at]! as NodeIx);
  return sum;
}

/** The first `limit` in the order that is asked for; by what they hold when none is. */
function rowsOf(
  heap: OwnedHeap,
  columns: QueryColumns,
  matched: Uint32Array,
  order: Order | null,
  limit: number,
): readonly QueryRow[] {
  const by = order === null || order.by === "count" ? "held" : order.by;
  const column = columns.number(by);
  const sign = order?.descending === false ? -1 : 1;
  // What has no such number comes last, whichever way it goes.
  const values = Float64Array.from(matched, (node) => {
    const value = column(node as NodeIx) * sign;
    return Number.isNaN(value) ? -Infinity : value;
  });
  const shown = [...topByValue(values, limit)].map((at) => matched[at]! as NodeIx);
  heap.late.inDegrees ??= inDegrees(heap.snapshot.refs);
  const referrers = heap.late.inDegrees;
  return shown.map((node) => rowOf(heap, node, referrers[node]!));
}

function rowOf(heap: OwnedHeap, node: NodeIx, referrers: number): QueryRow {
  const { snapshot } = heap;
  const text = textOf(snapshot.texts, node);
  return {
    path: shorten(trailOf(heap, node).text),
    type: printable(typeNameOf(snapshot, node)),
    address: formatAddress(addressOf(snapshot.nodes, node)),
    entries: sizeOfContainer(heap, node),
    shallowBytes: shallowBytesOf(snapshot, node),
    retainedBytes: heap.retainedBytes[node]!,
    heldBytes: heap.heldBytes[node]!,
    referrers,
    text: text === null ? null : printable(text),
  };
}

function groupsOf(
  heap: OwnedHeap,
  columns: QueryColumns,
  matched: Uint32Array,
  group: QueryGroupName,
  order: Order | null,
): readonly QueryGroup[] {
  const nameOf = groupName(heap, columns, group);
  const sums = new Map<string, { count: number; shallowBytes: number; heldBytes: number }>();
  for (const node of matched as Iterable<number> as Iterable<NodeIx>) {
    const name = nameOf(node);
    const known = sums.get(name) ?? { count: 0, shallowBytes: 0, heldBytes: 0 };
    known.count += 1;
    known.shallowBytes += shallowBytesOf(heap.snapshot, node);
    known.heldBytes += heap.heldBytes[node]!;
    sums.set(name, known);
  }
  const by = order?.by === "count" ? "count" : order?.by === "size" ? "shallowBytes" : "heldBytes";
  const sign = order?.descending === false ? -1 : 1;
  return [...sums]
    .map(([name, sum]) => ({ name, ...sum }))
    .sort((a, b) => (b[by] - a[by]) * sign || a.name.localeCompare(b.name));
}

function groupName(heap: OwnedHeap, columns: QueryColumns, group: QueryGroupName): (node: NodeIx) => string {
  const { snapshot } = heap;
  switch (group) {
    case "type": {
      const names = snapshot.types.map((type) => printable(qualifiedName(type)));
      return (node) => names[snapshot.nodes.type[node]!]!;
    }
    case "module": {
      const { names, groupOf } = columns.modules();
      return (node) => names[groupOf[node]!] ?? "?";
    }
    case "text":
      return (node) => {
        const text = columns.text(node);
        return text === null ? NO_TEXT : printable(text);
      };
  }
}
