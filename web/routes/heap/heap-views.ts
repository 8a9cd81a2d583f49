// What the middle of a heap can show.

import type { Address } from "../../address/address.ts";

export const HEAP_VIEWS = [
  { name: "treemap", title: "Treemap" },
  { name: "icicle", title: "Icicle" },
  { name: "rings", title: "Rings" },
  { name: "table", title: "Table" },
  { name: "graph", title: "Graph" },
  { name: "query", title: "Query" },
] as const;
export type HeapView = (typeof HEAP_VIEWS)[number]["name"];

export function heapViewOf({ query }: Address): HeapView {
  return HEAP_VIEWS.find(({ name }) => name === query["view"])?.name ?? "treemap";
}
