// The middle of a heap.

import type { VNode } from "preact";
import type { Store } from "../../store/store.ts";
import { HeapGraph } from "./heap-graph.tsx";
import { HeapPicture } from "./heap-picture.tsx";
import { HeapQuery } from "./heap-query.tsx";
import { HeapTable } from "./heap-table.tsx";
import type { HeapView } from "./heap-views.ts";

export interface HeapCentreProps {
  readonly store: Store;
  /** Of the heap. */
  readonly id: string;
}

interface AnyCentreProps extends HeapCentreProps {
  readonly view: HeapView;
  /** Address of the object that is looked at. */
  readonly shown: string | null;
}

export function HeapCentre({ store, id, view, shown }: AnyCentreProps): VNode {
  switch (view) {
    case "treemap":
    case "icicle":
    case "rings":
      return <HeapPicture store={store} id={id} kind={view} shown={shown} />;
    case "table":
      return <HeapTable store={store} id={id} />;
    case "graph":
      return <HeapGraph store={store} id={id} />;
    case "query":
      return <HeapQuery store={store} id={id} />;
  }
}
